// The machine-readable half of a reply as a card under its text. A kind not known here shows nothing.

import { codeText, dayText, h, icon } from "./dom.js";

const STATES = { eligible: "open", eligible_after_inspection: "open", not_eligible: "closed" };
const NEAR_MS = 4 * 86_400_000;
const UNITS = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

export class Cards {
  constructor(words, lang, now) {
    Object.assign(this, { words, lang, now });
  }

  /** The card for a reply's `custom`, or null. */
  of(custom) {
    if (custom?.kind === "verdict") return this.verdict(custom);
    return custom?.number && this.words.numbers[custom.kind] ? this.numbered(custom) : null;
  }

  numbered({ kind, number, return_by: by, slip_url: slip, calendar_url: calendar, amount, currency }) {
    const { words, lang } = this;
    const shown = h("output.number", null, String(number));
    return h(`section.card.${kind === "rma" ? "slip" : "plain"}`, { "aria-label": kind === "rma" ? words.yourNumber : words.numbers[kind] },
      h("p.label", null, words.numbers[kind]),
      h("div.row", null, shown, this.copy(String(number), shown)),
      amount && currency && h("p.fact", null, h("strong", null, new Intl.NumberFormat(lang, { style: "currency", currency }).format(amount))),
      dayText(by, lang) && this.fact(words.sendBy, dayText(by, lang)),
      dayText(by, lang) && this.countdown(by),
      this.link(slip, words.slip), this.link(calendar, words.calendar));
  }

  copy(number, shown) {
    const { words } = this;
    const said = (word) => { made.textContent = word; setTimeout(() => { made.textContent = words.copy; }, 2500); };
    const made = h("button.quiet", {
      "aria-live": "polite",
      click: () => Promise.resolve(navigator.clipboard?.writeText(number) ?? Promise.reject()).then(() => said(words.copied), () => {
        // Browsers lend the clipboard to https pages only; marking it leaves one key to press.
        getSelection().selectAllChildren(shown);
        said(words.marked);
      }),
    }, words.copy);
    return made;
  }

  link(address, label) {
    if (typeof address !== "string" || !URL.canParse(address, import.meta.url)) return null;
    const url = new URL(address, import.meta.url);
    return /^https?:$/.test(url.protocol) && h("a.paper", { href: url.href, target: "_blank", rel: "noopener" }, label);
  }

  fact(label, value) {
    return h("p.fact", null, h("span.label", null, label), " ", h("strong", null, value));
  }

  verdict({ remedies, dates, as_of: asOf, calendar_url: calendar }) {
    const { words, lang } = this;
    const known = (remedies ?? []).filter((one) => words.remedies[one.remedy] && words.outcomes[one.outcome]);
    if (!known.length) return null;
    const open = known.filter((one) => STATES[one.outcome] === "open");
    const [best, ...others] = open.length ? open : known;
    const running = (dates ?? []).filter((one) => one.last_day >= String(asOf).slice(0, 10));
    return h("section.card.verdict", { "aria-label": words.decision },
      h("div.row", null, h("h3", null, words.remedies[best.remedy]), this.badge(best)),
      ...this.details(best),
      others.length > 0 && this.list(open.length ? words.alsoOpen : null, others.map((one) =>
        [words.remedies[one.remedy], open.length ? dayText(one.last_day, lang, "short") : words.outcomes[one.outcome]])),
      !open.length && running.length > 0 && this.list(words.stillRunning, running.map((one) =>
        [codeText(one.code), dayText(one.last_day, lang, "short")])),
      this.link(calendar, words.calendar));
  }

  details(best) {
    const { words, lang } = this;
    const postage = words.pays[best.pays?.return_shipping];
    return [
      dayText(best.last_day, lang) && this.fact(words.lastDay, dayText(best.last_day, lang)),
      best.closes_at && STATES[best.outcome] === "open" && this.countdown(best.closes_at, best.remedy === "dispute"),
      best.outcome === "not_yet" && dayText(best.opens_at, lang) && this.fact(words.opens, dayText(best.opens_at, lang)),
      postage && this.fact(words.postage, postage),
      best.reasons?.length > 0 && h("details", null, h("summary", null, words.why), h("ul", { lang: "en" },
        ...best.reasons.map((one) => h("li", null, one.code && codeText(one.code), " ", one.clause && h("code", null, one.clause))))),
    ];
  }

  badge({ outcome }) {
    return h(`span.badge.${STATES[outcome] ?? "waiting"}`, null, this.words.outcomes[outcome]);
  }

  list(label, rows) {
    return h("div.list", null, label && h("p.label", null, label),
      h("ul", null, ...rows.map(([name, value]) => h("li.row", null, h("span", null, name), value && h("span.label", null, value)))));
  }

  /** Time until an instant, live where it is near or `always`; a screen reader is not told every second. */
  countdown(until, always = false) {
    const end = Date.parse(until.replace(/(\.\d{3})\d+/, "$1"));
    if (!(end > this.now()) || (!always && end - this.now() > NEAR_MS)) return null;
    const text = h("span");
    const made = h("p.countdown", { role: "timer" }, icon("clock"), text);
    const tick = () => {
      const seconds = Math.max(0, Math.floor((end - this.now()) / 1000));
      const shown = seconds ? this.words.left(this.duration(seconds)) : this.words.over;
      if (text.textContent !== shown) text.textContent = shown;
      made.classList.toggle("soon", seconds < 86_400);
      if (seconds) setTimeout(() => made.isConnected && tick(), seconds < 3_700 ? 1_000 : 20_000);
    };
    tick();
    return made;
  }

  duration(seconds) {
    const first = UNITS.findIndex(([, size]) => seconds >= size);
    let rest = seconds;
    return UNITS.slice(first, first + 2).map(([unit, size]) => {
      const count = Math.floor(rest / size);
      rest -= count * size;
      return new Intl.NumberFormat(this.lang, { style: "unit", unit, unitDisplay: "long" }).format(count);
    }).join(" ");
  }
}
