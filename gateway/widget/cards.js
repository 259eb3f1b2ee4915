// The machine-readable half of a reply as a card under its text. A kind not known here shows nothing.

import { codeText, dayText, h, icon, isSoon, secondsTo, timeLeft } from "./dom.js";

const STATES = { eligible: "open", eligible_after_inspection: "open", not_eligible: "closed" };
// The text above a card says all of it: a screen reader is not told twice.
const QUIET = { role: "group", "aria-live": "off" };
const NEAR_MS = 4 * 86_400_000;

export class Cards {
  constructor({ words, language, origin }, now) {
    Object.assign(this, { words, lang: language, origin, now });
  }

  /** The card for a reply's `custom`, or nothing. */
  of(custom) {
    if (custom?.kind === "verdict") return this.verdict(custom);
    return custom?.number && this.words.numbers[custom.kind] && this.numbered(custom);
  }

  numbered({ kind, number, return_by: by, slip_url: slip, calendar_url: calendar }) {
    const { words } = this;
    const label = words.numbers[kind];
    const shown = h("output.number", null, number);
    return h(`div.card.${kind === "rma" ? "slip" : kind}`, { ...QUIET, "aria-label": label },
      h("p.label", null, label),
      h("div.row", null, shown, this.copy(number, shown)),
      this.day(words.sendBy, by), this.countdown(by),
      this.link(slip, words.slip), this.link(calendar, words.calendar));
  }

  copy(number, shown) {
    const { words } = this;
    const click = async () => {
      // Browsers lend the clipboard to https pages only; what is marked is copied with one key.
      getSelection().selectAllChildren(shown);
      await navigator.clipboard.writeText(number);
      made.textContent = words.copied;
      setTimeout(() => { made.textContent = words.copy; }, 2500);
    };
    const made = h("button.quiet", { click }, words.copy);
    return made;
  }

  link(address, label) {
    const url = address && URL.parse(address, this.origin);
    return url && /^https?:$/.test(url.protocol) && h("a", { href: url.href, target: "_blank" }, label);
  }

  day(label, day) {
    const text = dayText(day, this.lang, "long");
    return text && this.fact(label, text);
  }

  fact(label, value) {
    return h("p.row", null, h("span.label", null, label), h("strong", null, value));
  }

  verdict({ remedies, dates = [], as_of: now, calendar_url: calendar }) {
    const { words, lang } = this;
    const known = remedies.filter((one) => words.remedies[one.remedy]);
    const isOpen = ({ outcome }) => STATES[outcome] === "open";
    const open = known.filter(isOpen);
    const [best, ...others] = open[0] ? open : known;
    if (!best) return null;
    const running = dates.filter((one) => one.last_day >= now.slice(0, 10));
    const { remedy, outcome, reasons, pays } = best;
    const postage = words.pays[pays?.return_shipping];
    return h("div.card", { ...QUIET, "aria-label": words.decision },
      h("div.row", null, h("h3", null, words.remedies[remedy]), h(`span.badge.${STATES[outcome] ?? "waiting"}`, null, words.outcomes[outcome])),
      this.day(words.lastDay, best.last_day),
      open[0] && this.countdown(best.closes_at, remedy === "dispute"),
      outcome === "not_yet" && this.day(words.opens, best.opens_at),
      postage && this.fact(words.postage, postage),
      reasons?.[0] && h("details", null, h("summary", null, words.why), h("ul", { lang: "en" },
        ...reasons.map(({ code, clause }) => h("li", null, code && codeText(code), " ", h("code", null, clause))))),
      this.list(open[0] && words.alsoOpen, others.map((one) =>
        [words.remedies[one.remedy], open[0] ? dayText(one.last_day, lang) : words.outcomes[one.outcome]])),
      !open[0] && this.list(words.running, running.map((one) => [codeText(one.code), dayText(one.last_day, lang)])),
      this.link(calendar, words.calendar));
  }

  list(label, rows) {
    return rows[0] && h("div.list", null, h("p.label", null, label),
      h("ul", null, ...rows.map(([name, value]) => h("li.row", null, name, h("span.label", null, value)))));
  }

  /** Time until an instant, live where it is near or `always`; a screen reader is not told every second. */
  countdown(until, always) {
    const left = () => secondsTo(until, this.now());
    if (!(left() > 0 && (always || left() * 1000 < NEAR_MS))) return null;
    const text = h("span");
    const made = h("p.countdown", { role: "timer" }, icon("clock"), text);
    const tick = () => {
      const seconds = left();
      if (seconds < 0) return made.remove();
      text.textContent = `${timeLeft(seconds, this.lang)} ${this.words.left}`;
      made.classList.toggle("soon", isSoon(seconds));
      setTimeout(tick, seconds < 3_700 ? 1_000 : 20_000);
    };
    tick();
    return made;
  }
}
