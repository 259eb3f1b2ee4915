// The chat for a shop's page: <script type="module" src="https://host/widget.js" data-shop="KEY"></script>
// or, with the same names as attributes, <aftercare-chat shop="KEY"> where it should stand.

import { h, icon, sheet } from "./dom.js";
import { LAUNCHER } from "./launcher.css.js";
import { LANGUAGES, chosenLanguage, wordsIn } from "./words.js";

const NAMES = ["shop", "name", "lang", "order", "scheme", "customer-token"];

class AftercareChat extends HTMLElement {
  static observedAttributes = ["lang"];

  connectedCallback() {
    this.shadowRoot ?? this.attachShadow({ mode: "open" });
    this.origin = new URL(this.getAttribute("origin") ?? import.meta.url).origin;
    this.key = `aftercare:${this.origin}:${this.getAttribute("shop")}`;
    this.start();
  }

  disconnectedCallback() {
    this.panel?.close();
    this.panel = this.talk = this.loading = null;
  }

  attributeChangedCallback() {
    if (this.words) this.start();
  }

  /** The shop's word for who is logged in: a token, or a function that fetches one when a conversation is opened. */
  get customerToken() { return this.vouching ?? this.getAttribute("customer-token"); }
  set customerToken(token) { this.vouching = token; }

  get isPage() { return this.hasAttribute("page"); }

  async start() {
    const again = this.panel?.shown;
    this.disconnectedCallback();
    this.language = chosenLanguage(this.getAttribute("lang"));
    this.words = await wordsIn(this.language);
    const root = this.shadowRoot;
    root.adoptedStyleSheets = [sheet(LAUNCHER)];
    this.count = h("span.count");
    this.launcher = h("button.launcher", { "aria-expanded": "false", click: () => this.toggle(), pointerenter: () => this.load() },
      icon("chat"), h("span.word", null, this.words.open), this.count);
    root.replaceChildren(...(this.isPage ? [] : [this.launcher]));
    // Nothing is loaded or asked for before it is used, unless a conversation is under way.
    if (this.isPage || again) await this.open();
    else if (hasKept(this.key)) await this.load();
  }

  load() {
    return this.loading ??= import("./panel.js").then(({ Panel }) => {
      this.panel = new Panel(this, this.words, this.language, LANGUAGES);
      this.talk = this.panel.talk;
      this.talk.addEventListener("change", () => this.badge());
      this.badge();
    }, (error) => { this.loading = null; throw error; });
  }

  async open() {
    await this.load();
    this.panel.open();
    this.badge();
    this.announce("open");
  }

  close() {
    if (this.isPage || !this.panel) return;
    this.panel.hide();
    this.badge();
    this.launcher.focus();
    this.announce("close");
  }

  toggle() {
    return this.panel?.shown ? this.close() : this.open();
  }

  /** Put words into the input, for the customer to send. */
  async say(text) {
    await this.open();
    this.panel.bring(text);
  }

  badge() {
    const { launcher, count, words, panel, talk } = this;
    if (panel.shown) talk.markRead();
    const unread = panel.shown ? 0 : talk.unread;
    count.textContent = unread || "";
    launcher.setAttribute("aria-label", unread ? `${words.open} – ${words.unread(unread)}` : words.open);
    launcher.setAttribute("aria-expanded", panel.shown);
    launcher.classList.toggle("open", panel.shown);
    if (unread !== this.told) this.announce("unread", this.told = unread);
  }

  announce(what, detail) {
    this.dispatchEvent(new CustomEvent(`aftercare:${what}`, { bubbles: true, composed: true, detail }));
  }
}

function hasKept(key) {
  try {
    return localStorage.getItem(key) !== null;
  } catch {
    return false;
  }
}

function embed() {
  // A module does not know its element: it is the one that names this file.
  const script = [...document.querySelectorAll("script[data-shop]")].find((one) => one.src.split("?")[0] === import.meta.url.split("?")[0]);
  if (!script) return;
  const chat = document.createElement("aftercare-chat");
  for (const name of NAMES) {
    const value = script.getAttribute(`data-${name}`);
    if (value !== null) chat.setAttribute(name, value);
  }
  document.body.append(chat);
}

if (!customElements.get("aftercare-chat")) {
  customElements.define("aftercare-chat", AftercareChat);
  embed();
}
