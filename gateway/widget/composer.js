// The input: words, and what the newest question asks for: a day, an order's number, pictures.

import { dayText, h, icon } from "./dom.js";

// Facts whose answer is a day, as the questions of the policy name them.
const DAYS = ["order.delivered_at", "order.receipt_confirmed_at", "claim.proof.date"];
const TYPES = "image/jpeg,image/png,image/webp";

export class Composer {
  /** `orders`: the numbers of the orders the page is about, if it says; `tell` is told what went wrong. */
  constructor(words, talk, orders, say, tell) {
    Object.assign(this, { words, talk, say, tell, tray: [], seen: new Map() });
    this.input = h("textarea", {
      rows: 1, enterkeyhint: "send", "aria-label": words.message, dir: "auto",
      input: () => this.grow(), keydown: (event) => this.key(event, () => this.send()),
    });
    const pick = (more) => {
      const input = h("input", { type: "file", accept: TYPES, ...more, change: () => this.add(input.files) });
      return () => input.click();
    };
    const files = pick({ multiple: true });
    this.pictures = h("div.pick", null,
      h("button.quiet.photo", { click: pick({ capture: "environment" }) }, icon("picture"), words.takePhoto),
      h("button.quiet", { click: files }, icon("picture"), words.choosePictures));
    this.date = h("input", { type: "date", keydown: (event) => this.key(event, () => this.sendDay()) });
    this.day = h("div.pick", null, h("label", null, words.day, this.date),
      h("button.quiet", { click: () => this.sendDay() }, words.sendDay));
    this.orders = h("div.pick", null, ...(orders?.match(/[^\s,]+/g) ?? []).map((text) =>
      h("button.quiet", { click: () => say({ text }) }, text)));
    this.shown = h("div.tray");
    this.element = h("form.compose", {
      submit: (event) => {
        event.preventDefault();
        this.send();
      },
      paste: ({ clipboardData }) => this.add(clipboardData.files),
    },
    this.day, this.orders, this.pictures, this.shown,
    h("div.field", null, h("button.icon", { "aria-label": words.choosePictures, click: files }, icon("picture")),
      this.input, h("button.send", { type: "submit", "aria-label": words.send }, icon("send"))));
    this.shown.hidden = true;
  }

  /** Fit the input to what the newest message asks, if it asks anything. */
  asked({ custom, choices } = {}) {
    const asks = custom?.kind === "question" && custom.asks;
    const { words, input } = this;
    const isNumber = asks === "order.number";
    const isEmail = asks === "customer.email";
    this.day.hidden = choices?.length || !DAYS.includes(asks);
    this.orders.hidden = !isNumber;
    this.pictures.hidden = asks !== "claim.photos";
    input.placeholder = isEmail ? words.email : isNumber ? words.number : words.write;
    input.inputMode = isEmail ? "email" : "text";
    input.autocapitalize = isEmail ? "none" : isNumber ? "characters" : "sentences";
  }

  put(text) {
    this.input.value = text;
    this.grow();
    this.input.focus();
  }

  grow() {
    const { input } = this;
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
  }

  key(event, act) {
    // A composed character (Chinese, Japanese …) is confirmed with Enter too.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    act();
  }

  sendDay() {
    // "27 February 2026": nobody has to guess which number is the month.
    const text = dayText(this.date.value, "en");
    if (!text) return this.date.focus();
    this.say({ text });
    this.put("");
  }

  add(files) {
    for (const file of files) {
      if (!TYPES.includes(file.type)) {
        this.tell(this.words.refusals[415]);
        continue;
      }
      const canvas = h("canvas", { role: "img", "aria-label": file.name });
      const tile = { file, canvas, element: h("div.tile", null, canvas) };
      const click = () => {
        this.fill(this.tray.filter((one) => one !== tile));
        this.input.focus();
      };
      tile.element.append(h("button", { "aria-label": `${this.words.remove} ${file.name}`, click }, icon("close")));
      paint(canvas, file).catch(() => {});
      this.upload(tile).catch(() => {});
      this.fill([...this.tray, tile]);
    }
  }

  fill(tray = this.tray) {
    this.tray = tray;
    this.shown.hidden = !tray[0];
    this.shown.replaceChildren(...tray.map((tile) => tile.element));
  }

  upload(tile) {
    const mark = (state) => { tile.element.className = `tile ${state}`; };
    mark("going");
    return tile.sent = this.talk.addPicture(tile.file).then((answer) => {
      mark("");
      return answer.attachment_id;
    }, (error) => {
      tile.sent = null;
      mark("failed");
      this.tell(this.words.refusals[error.status] ?? this.words.refused);
      throw error;
    });
  }

  async send() {
    const { input, tray } = this;
    if (!tray[0] && !input.value.trim()) return input.focus();
    const attachments = await Promise.all(tray.map((tile) => tile.sent ?? this.upload(tile)));
    attachments.forEach((id, place) => this.seen.set(id, tray[place].canvas));
    this.say({ text: input.value.trim() && input.value, ...(tray[0] && { attachments }) });
    this.fill([]);
    this.put("");
  }
}

async function paint(canvas, file) {
  const picture = await createImageBitmap(file, { resizeHeight: 200 });
  Object.assign(canvas, { width: picture.width, height: 200 }).getContext("2d").drawImage(picture, 0, 0);
}
