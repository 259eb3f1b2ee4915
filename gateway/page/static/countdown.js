// The time left until each deadline of the page, by the shop's clock.

import { isSoon, secondsTo, timeLeft } from "/widget/dom.js";

const skew = Date.parse(document.body.dataset.now) - Date.now();

function tick() {
  for (const shown of document.querySelectorAll("time.left")) {
    const seconds = secondsTo(shown.dateTime, Date.now() + skew);
    shown.textContent = seconds < 0 ? "over" : `${timeLeft(seconds, "en")} left`;
    shown.classList.toggle("soon", isSoon(seconds));
  }
}

tick();
setInterval(tick, 1_000);
