// The chat for a shop's page: <script type="module" src="…/widget.js" data-shop="KEY"></script>, or with the same
// names as attributes <aftercare-chat shop="KEY"> where it should stand.

import { STYLE_LAUNCHER } from "./widget/launcher.css.js";

const HERE = "./widget/";
// One file of the widget's own words a language, loaded when it is chosen; the assistant itself speaks English.
const LANGUAGES = { en: "English", de: "Deutsch", es: "Español", zh: "简体中文" };
const SCRIPT = import.meta.url;

const stored = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

/** The first of these that there are words for: what was asked for, the page's language, the reader's. */
function languageFor(...asked) {
  const wanted = [...asked, document.documentElement.lang, ...navigator.languages];
  return wanted.map((one) => one?.slice(0, 2).toLowerCase()).find((one) => Object.hasOwn(LANGUAGES, one)) ?? "en";
}

class AftercareChat extends HTMLElement {
  static observedAttributes = ["lang"];

  connectedCallback() {
    this.origin = new URL(this.getAttribute("origin") ?? SCRIPT).origin;
    this.key = `aftercare:${this.origin}:${this.getAttribute("shop")}`;
    this.isPage = this.hasAttribute("page");
    if (!this.shadowRoot) this.attachShadow({ mode: "open" });
    this.start();
  }

  disconnectedCallback() {
    this.panel?.close();
    this.panel = this.loading = null;
  }

  attributeChangedCallback() {
    if (this.words) this.start();
  }

  /** The shop's word for who is logged in: a token, or a function that fetches one when a conversation is opened. */
  get customerToken() { return this.vouching ?? this.getAttribute("customer-token"); }
  set customerToken(token) {
    this.vouching = token;
    this.panel?.talk.begin();
  }

  async start() {
    const again = this.panel?.shown;
    this.disconnectedCallback();
    this.language = languageFor(this.getAttribute("lang"), stored("aftercare:language"));
    this.words = (await import(`${HERE}words/${this.language}.js`)).default;
    this.shadowRoot.adoptedStyleSheets = [];
    this.wear(STYLE_LAUNCHER);
    const [launcher, word, count] = ["button", "span", "b"].map((tag) => document.createElement(tag));
    launcher.className = "launcher";
    launcher.ariaExpanded = false;
    launcher.onclick = () => (this.panel?.shown ? this.close() : this.open());
    launcher.onpointerenter = () => this.load();
    word.textContent = launcher.ariaLabel = this.words.open;
    launcher.append(word, count);
    Object.assign(this, { launcher, count });
    this.shadowRoot.replaceChildren(...(this.isPage ? [] : [launcher]));
    // Nothing is loaded or asked for before it is used, unless a conversation is under way.
    if (this.isPage || again) await this.open();
    else if (stored(this.key)) await this.load();
  }

  wear(text) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    this.shadowRoot.adoptedStyleSheets.push(sheet);
  }

  load() {
    return this.loading ??= import(`${HERE}panel.js`).then(({ Panel }) => {
      this.panel = new Panel(this, LANGUAGES);
      this.panel.talk.addEventListener("change", () => this.badge());
      this.badge();
    }, (error) => {
      this.loading = null;
      throw error;
    });
  }

  async open() {
    await this.load();
    this.panel.open();
    this.badge();
    this.announce("open");
  }

  close() {
    if (this.isPage) return;
    this.panel?.hide();
    this.badge();
    this.launcher.focus();
    this.announce("close");
  }

  speak(language) {
    this.lang = language;
    localStorage.setItem("aftercare:language", language);
  }

  /** Put words into the input, for the customer to send. */
  async say(text) {
    await this.open();
    this.panel.composer.put(text);
  }

  badge() {
    const { launcher, words, panel } = this;
    const unread = panel.shown ? 0 : panel.talk.unread;
    this.count.textContent = unread || "";
    launcher.ariaLabel = unread ? `${words.open} – ${words.unread(unread)}` : words.open;
    launcher.ariaExpanded = !!panel.shown;
    if (unread !== this.unread) this.announce("unread", this.unread = unread);
  }

  announce(what, detail) {
    this.dispatchEvent(new CustomEvent(`aftercare:${what}`, { bubbles: true, composed: true, detail }));
  }
}

if (!customElements.get("aftercare-chat")) {
  customElements.define("aftercare-chat", AftercareChat);
  // A module does not know its element: it is the one that names this file.
  const script = [...document.querySelectorAll("script[data-shop]")].find((one) => one.src === SCRIPT);
  if (script) {
    const chat = document.createElement("aftercare-chat");
    for (const { name, value } of script.attributes) if (name.startsWith("data-")) chat.setAttribute(name.slice(5), value);
    document.body.append(chat);
  }
}
