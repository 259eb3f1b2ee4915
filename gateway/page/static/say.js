// What a link brings along: first words (`#say=`), the customer's own once they send them, or the code of a
// conversation that was had elsewhere and goes on here (`#continue=`). From here it can go on elsewhere as well.

import { goOn, offer } from "./moving.js";

// A link is not there to fill the screen.
const LONGEST = 500;
const OVER = "This link was used already or is too old: ask for a new one where you were.";

const link = new URLSearchParams(location.hash.slice(1));
const [brought, code] = [link.get("say"), link.get("continue")];
if (brought || code) history.replaceState(null, "", location.pathname + location.search);

const chat = document.querySelector("aftercare-chat");
// A panel in another language is a new one.
chat.addEventListener("aftercare:open", () => offer(chat.panel));
await customElements.whenDefined("aftercare-chat");
await chat.open();
if (code) await goOn(chat.panel.talk, code).catch(() => alert(OVER));
else if (brought) await chat.say(brought.slice(0, LONGEST));
