// The conversation on screen: one turn's block per speaker, bubbles in it, choices below the last one.

import { cardFor } from "./cards.js";
import { button, element } from "./elements.js";

const SPEAKERS = { bot: "Assistant: ", agent: "Colleague: ", customer: "You: " };

function bubble(from, text) {
  return element("div", "bubble", [
    element("span", "unseen", SPEAKERS[from] ?? SPEAKERS.bot),
    element("p", "said", text),
  ]);
}

function block(from) {
  return element("div", `turn from-${from in SPEAKERS ? from : "bot"}`);
}

export class Log {
  constructor(container, { onChoice, onSayAgain }) {
    this.container = container;
    this.onChoice = onChoice;
    this.onSayAgain = onSayAgain;
    this.typing = null;
    this.atEnd = true;
    container.addEventListener("scroll", () => { this.atEnd = this.isAtEnd(); }, { passive: true });
    // The room shrinks when the keyboard opens or the input grows: who was at the end stays there.
    new ResizeObserver(() => { if (this.atEnd) this.scrollToEnd("instant"); }).observe(container);
  }

  /** What the customer said; returns the block, so that its state can be shown beside it. */
  customer(text) {
    this.withdrawChoices();
    const made = block("customer");
    made.append(bubble("customer", text.trim() || "…"));
    this.container.append(made);
    this.scrollToEnd();
    return made;
  }

  /** Replies of one turn in order; only the newest choices can be taken. */
  replies(replies) {
    this.withdrawChoices();
    let first = null;
    for (const reply of replies) {
      const made = this.reply(reply);
      first ??= made;
    }
    if (first) this.bringIntoView(first);
  }

  reply({ from, text, choices, custom }) {
    const made = block(from);
    if (custom?.kind === "unavailable") made.classList.add("trouble");
    if (text) made.append(bubble(from, text));
    const card = cardFor(custom);
    if (card) made.append(card);
    if (custom?.kind === "unavailable") made.append(this.sayAgain());
    if (choices?.length) made.append(this.choices(choices));
    this.container.append(made);
    return made;
  }

  choices(offered) {
    const group = element(
      "div", "choices", offered.map((choice) => button("choice", choice.label, () => this.onChoice(choice))),
    );
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Choose an answer, or write one");
    return group;
  }

  sayAgain() {
    return element("div", "choices", [button("choice", "Send it again", () => this.onSayAgain())]);
  }

  /** A line between bubbles that nobody said. */
  remark(text) {
    this.container.append(element("p", "remark", text));
  }

  /** Under the customer's bubble: why it was not sent, and a button that sends the same message again. */
  failed(made, sentence, onRetry) {
    this.settled(made);
    made.append(element("p", "failure", [
      element("span", "", sentence),
      button("quiet", "Try again", onRetry),
    ]));
    this.scrollToEnd();
  }

  /** Takes away what was said about the sending of a message. */
  settled(made) {
    made.querySelectorAll(".failure").forEach((line) => line.remove());
  }

  showTyping(visible) {
    this.typing?.remove();
    this.typing = null;
    if (!visible) return;
    this.typing = element("div", "turn from-bot typing", [
      element("div", "bubble", [element("i"), element("i"), element("i")]),
    ]);
    this.typing.setAttribute("aria-hidden", "true");
    this.container.append(this.typing);
    this.scrollToEnd();
  }

  withdrawChoices() {
    this.container.querySelectorAll(".choices").forEach((group) => group.remove());
  }

  clear(keep) {
    this.container.replaceChildren(keep);
    this.container.scrollTop = 0;
  }

  isAtEnd() {
    const { scrollTop, scrollHeight, clientHeight } = this.container;
    return scrollHeight - clientHeight - scrollTop < 48;
  }

  scrollToEnd(behavior = "auto") {
    this.atEnd = true;
    this.container.scrollTo({ top: this.container.scrollHeight, behavior });
  }

  /** The end of the answer, but never so far that its beginning is out of sight. */
  bringIntoView(first) {
    const { scrollHeight, clientHeight } = this.container;
    const top = Math.min(scrollHeight - clientHeight, first.offsetTop - 16);
    this.atEnd = top === scrollHeight - clientHeight;
    this.container.scrollTo({ top });
  }
}
