// A link in a letter brings the first words along (`#say=`). They are the customer's own once they send them.

// A link is not there to fill the screen.
const LONGEST = 500;

const brought = new URLSearchParams(location.hash.slice(1)).get("say");
if (brought) {
  history.replaceState(null, "", location.pathname + location.search);
  await customElements.whenDefined("aftercare-chat");
  await document.querySelector("aftercare-chat").say(brought.slice(0, LONGEST));
}
