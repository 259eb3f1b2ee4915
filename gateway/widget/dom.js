// Making elements, and days in words. Text is only ever set as text: nothing said can become markup.

/** h("button.quiet", { click, "aria-label": … }, "text", child): an element, its classes, attributes and listeners. */
export function h(what, given, ...inside) {
  const [tag, ...classes] = what.split(".");
  const made = document.createElement(tag);
  if (classes.length) made.className = classes.join(" ");
  if (tag === "button") made.type = "button";
  for (const [name, value] of Object.entries(given ?? {})) {
    if (typeof value === "function") made.addEventListener(name, value);
    else if (value != null && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...inside.filter((one) => one || one === 0));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";
const SHAPES = {
  chat: "M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.500v7a2.5 2.5 0 0 1-2.5 2.500H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.500zM8.5 10h.01M12 10h.01M15.5 10h.01",
  close: "M6 6l12 12M18 6 6 18",
  down: "M6 9.500l6 6 6-6",
  send: "M12 19V5.500M6 11l6-6 6 6",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  picture: "M4 7h3.500l1.5-2h6l1.5 2H20v12H4zM12 9.500a3.4 3.4 0 1 0 0 6.8 3.4 3.4 0 0 0 0-6.8",
  clock: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16M12 8v4.300l2.8 1.7",
};

export function icon(name) {
  const drawn = document.createElementNS(SVG, "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("aria-hidden", "true");
  const path = drawn.appendChild(document.createElementNS(SVG, "path"));
  path.setAttribute("d", SHAPES[name]);
  return drawn;
}

/** A day "YYYY-MM-DD…" of the shop's calendar as people read it, or null; no time zone moves it. */
export function dayText(day, lang, weekday = "long") {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)/.exec(day ?? "") ?? [];
  const instant = new Date(Date.UTC(year, month - 1, date));
  if (!(instant.getUTCDate() === Number(date))) return null;
  const shape = { weekday, day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang, shape).format(instant).replace(/^(\w+), /, "$1 ");
}

/** "send_within_7_days" as words; codes are English, as the assistant is. */
export function codeText(code) {
  const words = String(code).replaceAll("_", " ").replace("rma", "RMA");
  return words[0].toUpperCase() + words.slice(1);
}

export function sheet(text) {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
}
