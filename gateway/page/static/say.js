// What a link brings along: first words (`#say=`), the customer's own once they send them, or the code of a
// conversation that was had elsewhere and goes on here (`#continue=`).

import { post } from "/widget/api.js";

// A link is not there to fill the screen.
const LONGEST = 500;
// Whoever sends such a link may have begun the conversation themselves.
const ASK = "Go on here with the conversation of this link? Please do so only if you asked for the link yourself. "
  + "It takes the place of what was said on this page.";
const OVER = "This link was used already or is too old: ask for a new one where you were.";
const LATER = "This did not work right now. Reload the page to try it again.";

const link = new URLSearchParams(location.hash.slice(1));
const [brought, code] = [link.get("say"), link.get("continue")];
const forget = () => history.replaceState(null, "", location.pathname + location.search);
if (brought) forget();

/** Take up in `talk` what was said elsewhere; the events bring what may be read of it. */
async function goOn(talk) {
  talk.act();
  await talk.ready;
  const { token } = await post(`${talk.api}handovers/take`, null, { code });
  talk.startOver();
  talk.change((state) => { Object.assign(state, { token, session: 1 }); });
  talk.nudge();
}

const chat = document.querySelector("aftercare-chat");
await customElements.whenDefined("aftercare-chat");
await chat.open();
if (brought) await chat.say(brought.slice(0, LONGEST));
else if (code && !confirm(ASK)) forget();
else if (code) {
  await goOn(chat.panel.talk).then(forget, ({ status }) => {
    if (status === 410) forget();
    alert(status === 410 ? OVER : LATER);
  });
}
