// The conversation on screen. The list of messages is the truth: each is drawn once, in its place.

import { h } from "./dom.js";

export class Log {
  constructor(words, cards, { onChoice, onAgain, onRetry, thumbnails }) {
    Object.assign(this, { words, cards, onChoice, onAgain, onRetry, thumbnails });
    this.drawn = new Map();
    this.atEnd = true;
    this.typing = h("div.turn.bot.typing", { "aria-hidden": "true" }, h("div.bubble", null, h("i"), h("i"), h("i")));
    this.element = h("div.log", {
      role: "log", "aria-label": words.log, tabindex: "0", scroll: () => { this.atEnd = this.isAtEnd(); },
    });
    // The room shrinks when the keyboard opens or the input grows: who was at the end stays there.
    this.watch = new ResizeObserver(() => { if (this.atEnd) this.toEnd("instant"); });
    this.watch.observe(this.element);
  }

  /** Draw `items` after the greeting; `state` says what is being sent and what keeps it. */
  render(greeting, items, state) {
    const { element } = this;
    const nodes = [greeting];
    let before = null;
    for (const item of items) {
      const key = item.id ?? item.n;
      if (before && before.epoch < item.epoch) nodes.push(this.once(`new${item.epoch}`, () => h("p.remark", null, this.words.ended)));
      const node = this.once(key, () => this.turn(item));
      if (item.from === "customer") this.status(node, item, state, item === items.at(-1));
      nodes.push(node);
      before = item;
    }
    const last = items.at(-1) ?? { from: "bot" };
    this.offer(nodes.at(-1), last.from === "customer" || state.sending ? null : last);
    if (state.sending) nodes.push(this.typing);
    this.place(nodes);
    element.classList.remove("still");
  }

  /** Put `nodes` into the log without touching those in place: what is moved would be read out again. */
  place(nodes) {
    const { element } = this;
    const wanted = new Set(nodes);
    for (const node of [...element.children]) if (!wanted.has(node)) node.remove();
    let first = null;
    nodes.forEach((node, place) => {
      if (element.children[place] === node) return;
      element.insertBefore(node, element.children[place] ?? null);
      if (!node.classList.contains("customer") && node !== this.typing) first ??= node;
      else first ??= null;
    });
    if (nodes.length === this.shown) return;
    const grown = nodes.length > (this.shown ?? 0);
    this.shown = nodes.length;
    if (grown) this.into(first);
  }

  once(key, make) {
    if (!this.drawn.has(key)) this.drawn.set(key, make());
    return this.drawn.get(key);
  }

  turn({ id, from, text, custom, attachments, epoch }) {
    const { words } = this;
    const pictures = attachments?.length ?? 0;
    const seen = from === "customer" ? this.thumbnails(attachments ?? []) : [];
    const said = text || (pictures && !seen.length ? words.nPictures(pictures) : "");
    const trouble = custom?.kind === "unavailable";
    return h(`div.turn.${words.speakers[from] ? from : "bot"}${trouble ? ".trouble" : ""}`, null,
      from === "agent" && h("p.name", null, words.agent),
      (said || seen.length > 0) && h("div.bubble", null,
        h("span.unseen", null, `${words.speakers[from] ?? words.speakers.bot}: `),
        seen.length > 0 && h("div.seen", { role: "img", "aria-label": words.nPictures(pictures) }, ...seen),
        said && h("p.said", { dir: "auto" }, said)),
      this.cards.of(custom));
  }

  /** Under an own message: whether it is on its way, there, or what keeps it. Screen readers hear of it elsewhere. */
  status(node, item, { sending, sentence }, newest) {
    const waiting = item.n === undefined;
    const problem = waiting ? sentence(item) : "";
    const word = problem || (waiting ? this.words.sending : newest ? this.words.sent : "");
    if (node.word === word) return;
    node.word = word;
    node.querySelector(".state")?.remove();
    if (word) {
      node.append(h(`p.state${problem ? ".failure" : ""}`, problem ? null : { "aria-hidden": "true" }, h("span", null, word),
        problem && h("button.quiet", { click: () => this.onRetry(item.id) }, this.words.again)));
      if (this.atEnd) this.toEnd();
    }
  }

  /** Only the newest choices can be taken. */
  offer(node, item) {
    if (this.offered?.item === item) return;
    const focused = this.offered?.group.matches(":focus-within");
    this.offered?.group.remove();
    this.offered = null;
    if (focused) this.element.dispatchEvent(new Event("refocus"));
    const choices = item?.custom?.kind === "unavailable"
      ? [h("button.choice", { click: this.onAgain }, this.words.sayAgain)]
      : (item?.choices ?? []).map((choice) => h("button.choice", { click: () => this.onChoice(choice) }, choice.label));
    if (!choices.length) return;
    const stacked = item.custom?.asks === "line" || choices.length > 4;
    const group = h(`div.choices${stacked ? ".stacked" : ""}`, { role: "group", "aria-label": this.words.choose }, ...choices);
    node.append(group);
    this.offered = { item, group };
  }

  isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.element;
    return scrollHeight - clientHeight - scrollTop < 48;
  }

  toEnd(behavior = "auto") {
    this.atEnd = true;
    this.element.scrollTo({ top: this.element.scrollHeight, behavior });
  }

  /** The end of the answer, but never so far that its beginning is out of sight. */
  into(first) {
    const { scrollHeight, clientHeight } = this.element;
    const end = scrollHeight - clientHeight;
    const top = first ? Math.min(end, first.offsetTop - 16) : end;
    this.atEnd = top === end;
    this.element.scrollTo({ top });
  }
}
