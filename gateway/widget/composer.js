// The input: words, and what the newest question asks for: a day, an order's number, pictures.

import { h, icon } from "./dom.js";

// Facts whose answer is a day, as the questions of the policy name them.
const DAYS = ["order.delivered_at", "order.receipt_confirmed_at", "claim.proof.date"];
const TYPES = "image/jpeg,image/png,image/webp";
const THUMBNAIL = 160;
const LONGEST = 20_000;

export class Composer {
  constructor(words, talk, { orders, onSay, onTrouble }) {
    Object.assign(this, { words, talk, orders, onSay, onTrouble, tray: [], seen: new Map() });
    this.input = h("textarea", {
      rows: 1, maxlength: LONGEST, enterkeyhint: "send", "aria-label": words.message, placeholder: words.write, dir: "auto",
      input: () => this.grow(), keydown: (event) => this.key(event),
    });
    const chosen = ({ target }) => { this.add([...target.files]); target.value = ""; };
    this.files = h("input", { type: "file", accept: TYPES, multiple: true, hidden: true, change: chosen });
    this.camera = h("input", { type: "file", accept: "image/*", capture: "environment", hidden: true, change: chosen });
    this.pictures = h("div.pick", { hidden: true, role: "group", "aria-label": words.pictures },
      h("button.quiet.photo", { click: () => this.camera.click() }, icon("picture"), words.takePhoto),
      h("button.quiet", { click: () => this.files.click() }, icon("picture"), words.choosePictures));
    this.date = h("input", { type: "date", keydown: (event) => { if (event.key === "Enter") { event.preventDefault(); this.sendDay(); } } });
    this.day = h("div.pick", { hidden: true }, h("label", null, words.day, this.date),
      h("button.quiet", { click: () => this.sendDay() }, words.sendDay));
    this.order = h("div.pick", { hidden: true, role: "group", "aria-label": words.yourOrders },
      ...orders.map((number) => h("button.quiet", { click: () => onSay({ text: number }) }, number)));
    this.shown = h("div.tray", { hidden: true });
    this.element = h("form.compose", { submit: (event) => { event.preventDefault(); this.send(); }, paste: (event) => this.pasted(event) },
      this.day, this.order, this.pictures, this.shown,
      h("div.field", null,
        h("button.icon", { "aria-label": words.choosePictures, click: () => this.files.click() }, icon("picture")),
        this.input, h("button.send", { type: "submit", "aria-label": words.send }, icon("send"))),
      this.files, this.camera);
  }

  /** Fit the input to what the newest message asks, if it asks anything. */
  asked({ custom, choices } = {}) {
    const fact = custom?.kind === "question" ? custom.asks : null;
    const { words, input } = this;
    this.day.hidden = choices?.length > 0 || !DAYS.includes(fact);
    this.order.hidden = fact !== "order.number" || !this.orders.length;
    this.pictures.hidden = fact !== "claim.photos";
    this.date.max = new Date(Date.now() + this.talk.state.skew + 86_400_000).toISOString().slice(0, 10);
    const email = fact === "customer.email";
    input.placeholder = email ? words.email : fact === "order.number" ? words.orderNumber : words.write;
    input.inputMode = email ? "email" : "text";
    input.autocapitalize = email ? "none" : fact === "order.number" ? "characters" : "sentences";
  }

  put(text) {
    this.input.value = text.slice(0, LONGEST);
    this.grow();
    this.input.focus();
  }

  grow() {
    this.input.style.height = "auto";
    this.input.style.height = `${this.input.scrollHeight}px`;
  }

  key(event) {
    // A composed character (Chinese, Japanese …) is confirmed with Enter too.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  pasted({ clipboardData: { files } }) {
    this.add([...files].filter((file) => TYPES.includes(file.type)));
  }

  sendDay() {
    // "27 February 2026": nobody has to guess which number is the month.
    if (!this.date.value) return this.date.focus();
    const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
    this.onSay({ text: day.format(new Date(this.date.value)) });
    this.date.value = "";
    this.input.focus();
  }

  async add(files) {
    for (const file of files) {
      const canvas = h("canvas", { role: "img", "aria-label": file.name });
      const tile = { file, canvas };
      tile.element = h("div.tile", null, canvas, h("button", { "aria-label": this.words.remove(file.name), click: () => this.take(tile) }, icon("close")));
      this.tray.push(tile);
      this.shown.append(tile.element);
      paint(canvas, file);
      this.upload(tile).catch(() => {});
    }
    this.shown.hidden = !this.tray.length;
    if (files.length) this.input.focus();
  }

  take(tile) {
    this.tray = this.tray.filter((one) => one !== tile);
    tile.element.remove();
    this.shown.hidden = !this.tray.length;
    this.input.focus();
  }

  upload(tile) {
    tile.element.className = "tile going";
    return tile.sent = this.talk.addPicture(tile.file).then(({ attachment_id: id }) => {
      tile.element.className = "tile";
      return id;
    }, (error) => {
      tile.sent = null;
      tile.element.className = "tile failed";
      this.onTrouble(this.words.refusals[error.status] ?? this.words.refused);
      throw error;
    });
  }

  async send() {
    const { input, tray } = this;
    if (!tray.length && !input.value.trim()) return input.focus();
    let attachments;
    try {
      attachments = await Promise.all(tray.map((tile) => tile.sent ?? this.upload(tile)));
    } catch {
      return;
    }
    const text = input.value;
    attachments.forEach((id, place) => this.seen.set(id, tray[place].canvas));
    input.value = "";
    this.tray = [];
    this.shown.replaceChildren();
    this.shown.hidden = true;
    this.grow();
    input.focus();
    this.onSay({ text: text.trim() ? text : "", ...(attachments.length && { attachments }) });
  }

  /** The pictures sent from this page; the server gives none back. */
  thumbnails(ids) {
    return ids.map((id) => this.seen.get(id)).filter(Boolean);
  }
}

async function paint(canvas, file) {
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return;
  const scale = THUMBNAIL / Math.min(picture.width, picture.height);
  canvas.width = canvas.height = THUMBNAIL;
  const [width, height] = [picture.width * scale, picture.height * scale];
  canvas.getContext("2d").drawImage(picture, (THUMBNAIL - width) / 2, (THUMBNAIL - height) / 2, width, height);
}
