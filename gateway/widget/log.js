// The conversation on screen. The list of messages is the truth: each is drawn once, in its place.

import { h } from "./dom.js";

export class Log {
  /** `act` has what the customer can do here: choose, again and retry; and the pictures sent from this page. */
  constructor(words, cards, act) {
    Object.assign(this, { words, cards, act, drawn: new Map(), atEnd: true });
    this.typing = h("div.turn.typing", { "aria-hidden": true }, h("div.bubble", null, h("i"), h("i"), h("i")));
    this.element = h("div.log", { role: "log", "aria-label": words.log, tabindex: 0, scroll: () => { this.atEnd = this.isAtEnd(); } });
    // The room shrinks when the keyboard opens or the input grows: who was at the end stays there.
    this.watch = new ResizeObserver(() => { if (this.atEnd) this.toEnd("instant"); });
    this.watch.observe(this.element);
  }

  /** Draw `items`, of the talk of this `stamp`, after the greeting; `sentence` says what keeps one from being sent. */
  render(stamp, greeting, items, sending, sentence) {
    if (this.stamp !== stamp) this.drawn.clear();
    this.stamp = stamp;
    const nodes = [greeting];
    const last = items.at(-1);
    let before = last;
    for (const item of items) {
      // A new session has no less to it than the numbers going on; a new conversation begins in a million of its own.
      if (before.session < item.session) {
        const word = Math.floor(item.n / 1e6) > Math.floor(before.n / 1e6) ? "ended" : "back";
        nodes.push(this.once(`at${item.session}`, () => h("p.remark", null, this.words[word])));
      }
      const node = this.once(item.id ?? item.n, () => this.turn(item));
      if (item.from === "customer") this.status(node, item.n ? item === last && this.words.sent : this.words.sending, sentence(item), item.id);
      nodes.push(node);
      before = item;
    }
    this.offer(nodes.at(-1), last?.from !== "customer" && last);
    if (sending || last?.custom?.answer_follows) nodes.push(this.typing);
    this.place(nodes);
  }

  once(key, make) {
    if (!this.drawn.has(key)) this.drawn.set(key, make());
    return this.drawn.get(key);
  }

  /** Put `nodes` into the log without touching those in place: what is moved would be read out again. */
  place(nodes) {
    const { element, typing } = this;
    for (const node of [...element.children]) if (!nodes.includes(node)) node.remove();
    let first;
    nodes.forEach((node, place) => {
      const there = element.children[place];
      if (there === node) return;
      element.insertBefore(node, there ?? null);
      if (node !== typing && !node.matches(".customer")) first ??= node;
    });
    if (first || this.atEnd) this.toEnd("auto", first);
  }

  turn({ from, text, custom, attachments = [] }) {
    const { words } = this;
    const who = words.speakers[from];
    const pictures = attachments.length && words.pictures(attachments.length);
    const seen = attachments.map((id) => this.act.thumbnail(id)).filter(Boolean);
    const said = text || (!seen[0] && pictures);
    return h(`div.turn.${from}${custom?.kind === "unavailable" ? ".trouble" : ""}`, null,
      from === "agent" && h("p.name", { "aria-hidden": true }, who),
      (said || seen[0]) && h("div.bubble", null,
        h("span.unseen", null, `${who}: `),
        seen[0] && h("div.seen", { role: "img", "aria-label": pictures }, ...seen),
        said && h("p.said", { lang: from === "bot" && "en" }, said)),
      this.cards.of(custom));
  }

  /** Under an own message: whether it is on its way, there, or what keeps it. Screen readers hear of it elsewhere. */
  status(node, word, problem, id) {
    const shown = problem || word || "";
    if (node.shown === shown) return;
    node.shown = shown;
    node.querySelector(".state")?.remove();
    if (problem) node.append(h("p.state.failure", null, shown, h("button.quiet", { click: () => this.act.retry(id) }, this.words.again)));
    else if (word) node.append(h("p.state", { "aria-hidden": true }, shown));
  }

  /** Only the newest choices can be taken. */
  offer(node, item) {
    const { words, act } = this;
    if (this.offered === item) return;
    this.offered = item;
    const focused = this.group?.matches(":focus-within");
    this.group?.remove();
    this.group = null;
    if (focused) act.focus();
    const { kind, asks, answer_follows: follows } = item?.custom ?? {};
    const choices = kind === "unavailable" && !follows
      ? [h("button.choice", { click: act.again }, words.again)]
      : (item?.choices ?? []).map((choice) => h("button.choice", { click: () => act.choose(choice) }, choice.label));
    if (!choices[0]) return;
    const stacked = asks === "line" || choices[4] ? ".stacked" : "";
    node.append(this.group = h(`div.choices${stacked}`, { role: "group", "aria-label": words.choose, lang: "en" }, ...choices));
  }

  isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    return scrollHeight - clientHeight - scrollTop < 48;
  }

  /** The end of the answer, but never so far that its beginning, `first`, is out of sight. */
  toEnd(behavior, first) {
    const { scrollHeight, clientHeight } = this.element;
    const end = scrollHeight - clientHeight;
    const top = first ? Math.min(end, first.offsetTop - 16) : end;
    this.atEnd = top === end;
    this.element.scrollTo({ top, behavior });
  }
}
