// What a link brings along: first words (`#say=`), the customer's own once they send them, or the code of a
// conversation that was had elsewhere and goes on here (`#continue=`).

// A link is not there to fill the screen.
const LONGEST = 500;
const OVER = "This link was used already or is too old: ask for a new one where you were.";

const link = new URLSearchParams(location.hash.slice(1));
const [brought, code] = [link.get("say"), link.get("continue")];
if (brought || code) {
  history.replaceState(null, "", location.pathname + location.search);
  await customElements.whenDefined("aftercare-chat");
  const chat = document.querySelector("aftercare-chat");
  if (code) await chat.goOn(code).catch(() => alert(OVER));
  else await chat.say(brought.slice(0, LONGEST));
}
