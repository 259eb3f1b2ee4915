// What a link brings along: first words (`#say=`), the customer's own once they send them, or the code of a
// conversation that was had elsewhere and goes on here (`#continue=`).

import { post } from "/widget/api.js";

// A link is not there to fill the screen.
const LONGEST = 500;
const OVER = "This link was used already or is too old: ask for a new one where you were.";

const link = new URLSearchParams(location.hash.slice(1));
const [brought, code] = [link.get("say"), link.get("continue")];
if (brought || code) history.replaceState(null, "", location.pathname + location.search);

const chat = document.querySelector("aftercare-chat");
/** Take up in `talk` what was said elsewhere; the events bring what may be read of it. */
async function goOn(talk, code) {
  await talk.ready;
  const { token } = await post(`${talk.api}handovers/take`, null, { code });
  talk.startOver();
  talk.change((state) => { Object.assign(state, { token, session: 1 }); });
  talk.nudge();
}

await customElements.whenDefined("aftercare-chat");
await chat.open();
if (code) await goOn(chat.panel.talk, code).catch(() => alert(OVER));
else if (brought) await chat.say(brought.slice(0, LONGEST));
