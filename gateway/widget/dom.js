// Making elements, and days and times in words. Text is only ever set as text: nothing said can become markup.

/** h("button.quiet", { click, "aria-label": … }, "text", child): an element, its classes, attributes and listeners. */
export function h(what, given, ...inside) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag);
  if (classes[0]) made.className = classes.join(" ");
  if (tag === "button") made.type = tag;
  for (const [name, value] of Object.entries(given ?? {})) {
    if (value instanceof Function) made.addEventListener(name, value);
    else if (value !== false) made.setAttribute(name, value);
  }
  made.append(...inside.filter(Boolean));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 9l6 6 6-6",
  send: "M12 19V6M6 11l6-6 6 6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  picture: "M4 7h4l1-2h6l1 2h4v12H4zM12 9a4 4 0 1 0 0 8 4 4 0 0 0 0-8",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4l3 2",
};

export function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.append(document.createElementNS(SVG, "path"));
  drawn.firstChild.setAttribute("d", SHAPES[name]);
  return drawn;
}

/** A day "YYYY-MM-DD…" of the shop's calendar as people read it, or null; no time zone moves it. */
export function dayText(day, lang, weekday) {
  const instant = new Date(`${day?.slice(0, 10)}T00:00Z`);
  if (isNaN(instant)) return null;
  const shape = { weekday, day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, shape).format(instant).replace(/^(\w+), /, "$1 ");
}

/** "send_within_7_days" as words; codes are English, as the assistant is. */
export function codeText(code) {
  const words = code.replaceAll("_", " ").replace("rma", "RMA");
  return words[0].toUpperCase() + words.slice(1);
}

const UNITS = Object.entries({ day: 86_400, hour: 3_600, minute: 60, second: 1 });

/** Whole seconds from `now` (milliseconds since 1970) to an instant as the server writes it; NaN where there is none. */
export const secondsTo = (instant, now) =>
  // Browsers agree on milliseconds only.
  Math.floor((Date.parse(instant?.replace(/(\.\d{3})\d+/, "$1")) - now) / 1000);

export const isSoon = (seconds) => seconds < 86_400;

/** "12 days 13 hours": the two largest units that there are. */
export function timeLeft(seconds, lang) {
  const first = Math.max(0, UNITS.findIndex(([, size]) => seconds >= size));
  return UNITS.slice(first, first + 2).map(([unit, size]) => {
    const shown = new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "long" }).format(Math.floor(seconds / size));
    seconds %= size;
    return shown;
  }).join(" ");
}
