// The panel: the shop's name and what can be done, the conversation, the input. It draws what the talk says.

import { Cards } from "./cards.js";
import { Composer } from "./composer.js";
import { h, icon, sheet } from "./dom.js";
import { Log } from "./log.js";
import { PANEL } from "./panel.css.js";
import { Talk } from "./talk.js";
import { saveTranscript } from "./transcript.js";

const PHONE = "(max-width: 32rem), (max-height: 26rem)";
// The assistant understands English.
const PERSON = "I want to talk to a person";

export class Panel {
  constructor(host, words, lang, languages) {
    const talk = new Talk(host);
    Object.assign(this, { host, talk, words, lang, languages, phone: matchMedia(PHONE) });
    const name = host.getAttribute("name") ?? "";
    this.cards = new Cards(words, lang, () => Date.now() + talk.state.skew);
    this.composer = new Composer(words, talk, {
      orders: (host.getAttribute("order") ?? "").split(/[\s,]+/).filter(Boolean),
      onSay: (said) => this.say(said),
      onTrouble: (text) => this.tell(text),
    });
    this.log = new Log(words, this.cards, {
      onChoice: ({ id, label }) => this.say({ text: label, choice: id }),
      onAgain: () => {
        const { text, choice } = talk.items.findLast((one) => one.from === "customer");
        this.say({ text, choice });
      },
      onRetry: (id) => talk.nudge(id),
      thumbnails: (ids) => this.composer.thumbnails(ids),
    });
    this.log.element.addEventListener("refocus", () => this.focus());
    this.greeting = h("div.turn.bot", null,
      h("div.bubble", null, h("span.unseen", null, `${words.speakers.bot}: `), h("p.said", null, words.greeting(name))),
      h("div.choices.stacked", { role: "group", "aria-label": words.examplesLabel },
        ...words.examples.map(([label, sent]) => h("button.choice", { click: () => this.say({ text: sent ?? label }) }, label))));
    this.status = h("p.unseen", { role: "status" });
    this.banner = h("p.banner", { hidden: true }, words.offline);
    this.element = this.build(name);
    this.change = () => this.draw();
    talk.addEventListener("change", this.change);
    this.phone.addEventListener("change", this.resize = () => { if (this.shown && !host.isPage) { this.element.close(); this.show(); } });
    visualViewport?.addEventListener("resize", this.fit = () => this.element.style.setProperty("--seen", `${visualViewport.height}px`));
    host.shadowRoot.append(this.element);
    host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, sheet(PANEL)];
    this.draw();
  }

  build(name) {
    const { words, host } = this;
    const shut = ({ relatedTarget }) => { if (relatedTarget && !menu.contains(relatedTarget) && relatedTarget !== more) this.toggle(false); };
    const menu = h("div.menu", { hidden: true, focusout: shut },
      h("button", { click: () => saveTranscript(this.talk, words, this.lang) }, words.save),
      this.over = h("button", { click: () => { this.toggle(false); this.ask.showModal(); } }, words.startOver),
      h("label", null, words.language, h("select", { change: ({ target }) => { host.lang = target.value; } },
        ...Object.entries(this.languages).map(([code, called]) => h("option", { value: code, selected: code === this.lang }, called)))));
    const more = h("button.icon", { "aria-label": words.menu, "aria-expanded": "false", click: () => this.toggle() }, icon("more"));
    Object.assign(this, { menu, more });
    const [title, text, keep] = words.ask;
    this.ask = h("dialog.ask", { "aria-labelledby": "ask" }, h("h2", { id: "ask" }, title), h("p", null, text), h("div.row", null,
      h("button.quiet", { click: () => this.ask.close() }, keep),
      h("button.choice", { click: () => { this.ask.close(); this.talk.startOver(); this.focus(); } }, words.startOver)));
    const inside = [
      h("header", null, h("span.mark", { "aria-hidden": "true" }, [...(name || words.assistant)][0]),
        h("div.who", null, h("h2", { id: "name" }, name || words.assistant), h("p", null, words.assistant, " ", h("span.tag", null, words.bot))),
        more, !host.isPage && h("button.icon", { "aria-label": words.close, click: () => host.close() }, icon("down")), menu),
      this.banner, this.log.element, this.composer.element,
      h("p.note", null, words.isBot, " ", h("button.link", { click: () => this.say({ text: PERSON }) }, words.person)),
      this.status, this.ask,
    ];
    const frame = host.isPage ? h("section.panel", { "aria-labelledby": "name" }, ...inside)
      : h("dialog.panel", { "aria-labelledby": "name", cancel: (event) => { event.preventDefault(); host.close(); } }, ...inside);
    frame.addEventListener("keydown", (event) => this.escape(event));
    return frame;
  }

  toggle(open = this.menu.hidden) {
    this.menu.hidden = !open;
    this.more.setAttribute("aria-expanded", open);
  }

  escape(event) {
    if (event.key !== "Escape" || event.isComposing || this.ask.open) return;
    event.stopPropagation();
    if (this.menu.hidden) return this.host.close();
    event.preventDefault();
    this.toggle(false);
    this.more.focus();
  }

  open() {
    this.show();
    this.log.toEnd("instant");
    this.focus();
    this.talk.nudge();
  }

  show() {
    this.shown = true;
    if (this.host.isPage) return;
    // A phone's whole screen belongs to the chat: what is behind it cannot be reached meanwhile.
    if (!this.element.open) this.element[this.phone.matches ? "showModal" : "show"]();
  }

  hide() {
    this.shown = false;
    this.toggle(false);
    this.element.close();
  }

  close() {
    this.talk.close();
    this.talk.removeEventListener("change", this.change);
    this.phone.removeEventListener("change", this.resize);
    visualViewport?.removeEventListener("resize", this.fit);
    this.log.watch.disconnect();
    this.element.remove();
  }

  /** On a touch screen the input would bring up the keyboard over what is to be read. */
  focus() {
    (matchMedia("(pointer: fine)").matches ? this.composer.input : this.log.element).focus({ preventScroll: true });
  }

  bring(text) {
    this.composer.put(text);
  }

  say(said) {
    this.toggle(false);
    this.talk.say(said);
    this.log.toEnd();
  }

  tell(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  draw() {
    const { talk, words } = this;
    const { items, sending } = talk;
    const sentence = (item) => (item.refused ? words.refusals[item.refused] ?? words.refused
      : talk.trouble && item.id !== sending ? (talk.trouble.status === 429 ? words.busy : words.waiting) : "");
    this.greeting.lastChild.hidden = items.length > 0;
    this.log.render(this.greeting, items, { sending, sentence });
    this.composer.asked(items.at(-1));
    const stuck = items.find((one) => one.n === undefined && sentence(one));
    this.tell(stuck ? sentence(stuck) : sending ? words.answering : "");
    this.banner.hidden = navigator.onLine;
    this.over.hidden = !items.length;
    if (this.shown && !document.hidden) talk.markRead();
  }
}
