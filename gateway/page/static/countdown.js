// The time left until each deadline of the page, by the shop's clock.

const skew = Date.parse(document.body.dataset.now) - Date.now();
const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

function left(seconds) {
  const first = Math.max(0, UNITS.findIndex(([, size]) => seconds >= size));
  let rest = seconds;
  return UNITS.slice(first, first + 2).map(([unit, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return new Intl.NumberFormat("en", { style: "unit", unit, unitDisplay: "long" }).format(count);
  }).join(" ");
}

function tick() {
  for (const shown of document.querySelectorAll("time.left")) {
    const seconds = Math.floor((Date.parse(shown.dateTime.replace(/(\.\d{3})\d+/, "$1")) - Date.now() - skew) / 1000);
    shown.textContent = seconds < 0 ? "over" : `${left(seconds)} left`;
    shown.classList.toggle("soon", seconds < 3 * 86_400);
  }
}

tick();
setInterval(tick, 1_000);
