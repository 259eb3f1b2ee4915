// The panel: the shop's name and what can be done, the conversation, the input. It draws what the talk says.

import { Cards } from "./cards.js";
import { Composer } from "./composer.js";
import { h, icon } from "./dom.js";
import { Log } from "./log.js";
import { STYLE_PANEL } from "./panel.css.js";
import { Talk } from "./talk.js";

const PHONE = "(max-width: 512px), (max-height: 416px)";
// The assistant understands English.
const PERSON = "I want to talk to a person";

export class Panel {
  constructor(host, languages) {
    const { words, language, isPage } = host;
    const talk = new Talk(host);
    const say = (said) => this.say(said);
    const focus = () => this.focus();
    Object.assign(this, { host, talk, words });
    this.composer = new Composer(words, talk, host.getAttribute("order"), say, (text) => this.tell(text));
    this.log = new Log(words, new Cards(host, () => Date.now() + talk.state.skew), {
      choose: ({ id, label }) => say({ text: label, choice: id }),
      again: () => say({ text: talk.items.findLast((one) => one.from === "customer").text }),
      retry: (id) => talk.nudge(id),
      thumbnail: (id) => this.composer.seen.get(id),
      focus,
    });
    const examples = words.examples.map(([label, sent = label]) => h("button.choice", { click: () => say({ text: sent }) }, label));
    this.greeting = h("div.turn", null,
      h("div.bubble", null, h("p.said", null, words.greeting)),
      h("div.choices.stacked", { role: "group", "aria-label": words.choose }, ...examples));
    this.status = h("p.unseen", { role: "status" });
    this.banner = h("p.banner", null, words.offline);
    this.menu = this.menuFor(language, languages);
    this.more = h("button.icon", { "aria-label": words.menu, click: () => this.toggle() }, icon("more"));
    const name = host.getAttribute("name") || words.assistant;
    this.element = h(isPage ? "section.panel" : "dialog.panel", {
      "aria-labelledby": "name", lang: language,
      keydown: (event) => this.escape(event),
      cancel: () => host.close(),
      focusout: ({ relatedTarget }) => { if (relatedTarget && !this.menu.contains(relatedTarget) && relatedTarget !== this.more) this.toggle(true); },
    },
    h("div.head", null, h("span.mark", { "aria-hidden": true }, [...name][0]),
      h("div.who", null, h("h2", { id: "name" }, name), h("p", null, words.assistant, " ", h("span.tag", null, words.bot))),
      this.more, this.menu, !isPage && h("button.icon", { "aria-label": words.close, click: () => host.close() }, icon("down"))),
    this.banner, this.log.element, this.composer.element,
    h("p.note", null, words.isBot, " ", h("button.link", { click: () => say({ text: PERSON }) }, words.person)),
    this.status);
    this.off = new AbortController();
    talk.addEventListener("change", () => this.draw(), this.off);
    // Some phones' keyboards cover the page without making it smaller.
    visualViewport.addEventListener("resize", () => this.element.style.setProperty("--seen", `${visualViewport.height * visualViewport.scale}px`), this.off);
    host.wear(STYLE_PANEL);
    this.toggle(true);
    this.draw();
    host.shadowRoot.append(this.element);
  }

  menuFor(language, languages) {
    const { words, talk, host } = this;
    this.over = h("button", { click: () => {
      if (this.over.textContent === words.sure) {
        talk.startOver();
        this.composer.fill([]);
        this.focus();
      } else this.over.textContent = words.sure;
    } });
    const change = ({ target }) => host.speak(target.value);
    return h("div.menu", null,
      h("button", { click: () => this.save() }, words.save), this.over,
      h("button", { click: async ({ target }) => (await import("./elsewhere.js")).elsewhere(this, target) }, words.elsewhere),
      h("label", null, words.language, h("select", { change }, ...Object.entries(languages).map(([value, called]) =>
        h("option", { value, selected: value === language }, called)))));
  }

  /** What was said, as a text file. */
  save() {
    const { talk, words } = this;
    const lines = talk.items.map(({ from, at, text, attachments }) =>
      `${new Date(at).toLocaleString()}  ${words.speakers[from]}: ${text || words.pictures(attachments?.length)}`);
    const href = URL.createObjectURL(new Blob([lines.join("\n\n")]));
    h("a", { href, download: `${this.host.getAttribute("shop")}.txt` }).click();
  }

  toggle(hidden = !this.menu.hidden) {
    this.menu.hidden = hidden;
    this.more.ariaExpanded = !hidden;
    this.over.textContent = this.words.startOver;
  }

  escape(event) {
    if (event.key !== "Escape" || event.isComposing) return;
    event.preventDefault();
    if (this.menu.hidden) return this.host.close();
    this.more.focus();
    this.toggle(true);
  }

  open() {
    this.show();
    this.log.toEnd("instant");
    this.focus();
    this.talk.nudge();
  }

  show() {
    this.shown = true;
    // A phone's whole screen belongs to the chat: what is behind it cannot be reached meanwhile.
    if (!this.host.isPage && !this.element.open) this.element[matchMedia(PHONE).matches ? "showModal" : "show"]();
  }

  hide() {
    this.shown = false;
    this.toggle(true);
    this.element.close();
  }

  close() {
    this.off.abort();
    this.talk.close();
    this.log.watch.disconnect();
    this.element.remove();
  }

  /** On a touch screen the input would bring up the keyboard over what is to be read. */
  focus() {
    (matchMedia("(pointer: fine)").matches ? this.composer.input : this.log.element).focus({ preventScroll: true });
  }

  say(said) {
    this.talk.say(said);
    this.log.toEnd();
  }

  tell(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  draw() {
    const { talk, words } = this;
    const { items, sending } = talk;
    const sentence = ({ id, n, refused }) =>
      (refused ? words.refusals[refused] ?? words.refused : !n && talk.trouble && id !== sending && words.waiting);
    this.greeting.lastChild.hidden = items[0];
    this.log.render(talk.state.stamp, this.greeting, items, sending, sentence);
    this.composer.asked(items.at(-1));
    const stuck = items.findLast(sentence);
    this.tell(stuck ? sentence(stuck) : sending ? words.answering : "");
    this.banner.hidden = navigator.onLine;
    if (this.shown && !document.hidden) talk.markRead();
  }
}
