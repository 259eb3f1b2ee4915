// One conversation: what was said, what waits to be sent, what comes back. Whatever the network does, every message
// is there once and in order: own ones have a client id the server acts on once, all others a sequence number.

import { ApiError, follow, post } from "./api.js";
import { Kept } from "./kept.js";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

const newId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Whom a customer token speaks of, to tell one customer's conversation from another's; the server checks the token. */
function subject(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).sub ?? null;
  } catch {
    return null;
  }
}

export class Talk extends EventTarget {
  /** `host` is the element: its attributes say which shop, and who is logged in there. */
  constructor(host) {
    super();
    Object.assign(this, { host, api: `${host.origin}/api/v1/`, shop: host.getAttribute("shop"), trouble: null, sending: null, failures: 0 });
    this.kept = new Kept(host.key, () => { this.changed(); this.listen(); });
    this.wake = () => {
      if (document.hidden) this.stream?.abort();
      else { this.nudge(); this.changed(); }
    };
    for (const name of ["online", "offline"]) addEventListener(name, this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.ready = this.begin();
  }

  get state() { return this.kept.state; }
  get unread() { return this.state.messages.filter((one) => one.from !== "customer" && one.n > this.state.read).length; }

  /** Everything in order: what the server has, then what waits to be sent. */
  get items() { return [...this.state.messages, ...this.state.outbox]; }

  changed() { this.dispatchEvent(new Event("change")); }

  change(how) {
    this.kept.update(how);
    this.changed();
  }

  async begin() {
    if (this.state.said) {
      const who = subject(await this.vouched());
      // Somebody else is logged in now, or nobody: what was told to the one before is not shown.
      if (this.state.who && this.state.who !== who) this.startOver();
      else if (this.state.who !== who) this.change((state) => { state.token = null; });
    }
    this.nudge();
  }

  async vouched() {
    const token = this.host.customerToken;
    return (typeof token === "function" ? await token() : token) || "";
  }

  /** Take what the customer said: {text, choice?, attachments?}; it is shown and kept at once. */
  say(said) {
    const entry = { id: newId(), from: "customer", at: new Date(Date.now() + this.state.skew).toISOString(), ...said };
    this.change((state) => { state.said = true; state.outbox.push(entry); });
    this.flush();
    return entry;
  }

  /** Send again now: all that waits, or the one message that was refused. */
  nudge(id) {
    if (id) this.change((state) => state.outbox.forEach((one) => { if (one.id === id) delete one.refused; }));
    clearTimeout(this.timer);
    this.timer = null;
    this.flush();
    this.listen();
  }

  drop(id) {
    this.change((state) => { state.outbox = state.outbox.filter((one) => one.id !== id); });
  }

  async flush() {
    if (this.sending || this.timer) return;
    let entry;
    while (!this.closed && (entry = this.state.outbox.find((one) => !one.refused))) {
      this.sending = entry.id;
      this.changed();
      try {
        await this.deliver(entry);
        this.failures = 0;
        this.trouble = null;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.passing) return this.tryLater(error);
        this.change((state) => state.outbox.forEach((one) => { if (one.id === entry.id) one.refused = error.status; }));
      } finally {
        this.sending = null;
        this.changed();
      }
      this.listen();
    }
  }

  tryLater(error) {
    this.failures += 1;
    this.trouble = error;
    const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(this.failures, 6)) * (0.75 + Math.random() / 2);
    this.timer = setTimeout(() => this.nudge(), Math.max(wait, error.wait * 1000));
  }

  async deliver({ id, text, choice, attachments }) {
    const body = choice ? { client_id: id, choice } : { client_id: id, text, attachments: attachments ?? [] };
    await this.withToken(async (token) => {
      const { replies } = await post(`${this.api}messages`, body, token);
      // Its own number comes with the events; until then it stands before its answer.
      this.take([{ client_id: id, seq: replies[0].seq - 0.5, from: "customer" }, ...replies], token, Date.parse(replies[0].at));
    });
  }

  addPicture(file) {
    const form = new FormData();
    form.append("picture", file);
    return this.withToken((token) => post(`${this.api}attachments`, form, token));
  }

  /** Call with the conversation's token; where it holds no more, once more in a new conversation. */
  async withToken(action) {
    const used = await this.token();
    try {
      return await action(used);
    } catch (error) {
      if (error.status !== 401) throw error;
      if (this.state.token === used) this.change((state) => { state.token = null; });
      return action(await this.token());
    }
  }

  async token() {
    await this.ready;
    if (!this.state.token) {
      this.opening ??= this.open().finally(() => { this.opening = null; });
      await this.opening;
    }
    return this.state.token;
  }

  async open() {
    const { api, shop } = this;
    const vouched = await this.vouched();
    // A login the server does not take is no login: the assistant asks for the order and the address instead.
    const { token } = await post(`${api}sessions`, vouched ? { shop, customer_token: vouched } : { shop })
      .catch((error) => {
        if (!vouched || error.status !== 401) throw error;
        return post(`${api}sessions`, { shop });
      });
    this.change((state) => {
      // Choices and pictures of an earlier conversation mean nothing in a new one; its messages stay to be read.
      if (state.cursor || state.messages.length) {
        state.epoch += 1;
        state.outbox.forEach((one) => { delete one.choice; delete one.attachments; });
      }
      Object.assign(state, { token, cursor: 0, who: subject(vouched) });
    });
  }

  /** Messages of the server, from wherever they came: each is put in its place once. */
  take(messages, token, now) {
    this.change((state) => {
      const { epoch } = state;
      if (state.token !== token) return;
      for (const { client_id: id, ...message } of messages) {
        const waiting = state.outbox.find((one) => one.id === id);
        const known = state.messages.find((one) =>
          one.epoch === epoch && (id ? one.id === id : one.seq === message.seq && !one.id));
        const n = epoch * 1e6 + message.seq;
        if (known) {
          if (id && Number.isInteger(message.seq)) Object.assign(known, { seq: message.seq, n });
          continue;
        }
        state.messages.push({ ...waiting, ...message, ...(id && { id }), epoch, n });
        if (waiting) state.outbox = state.outbox.filter((one) => one !== waiting);
      }
      state.messages.sort((one, other) => one.n - other.n);
      if (now) state.skew = now - Date.now();
    });
  }

  /** Follow the conversation while the page is looked at; with back-off, and from the last event seen. */
  async listen() {
    if (this.stream || document.hidden || this.closed || !this.state.token) return;
    const stream = this.stream = new AbortController();
    let wait = FIRST_WAIT_MS;
    while (!stream.signal.aborted) {
      const { token } = this.state;
      try {
        await follow(`${this.api}events`, token, this.state.cursor, stream.signal, (kind, data, id) => {
          wait = FIRST_WAIT_MS;
          if (kind !== "message") return;
          this.take([data], token);
          if (id > this.state.cursor) this.kept.update((state) => { state.cursor = id; });
        });
      } catch (error) {
        if (error.status === 401 && this.state.token === token) this.kept.update((state) => { state.token = null; });
        if (error.status >= 400 && error.status < 500 && error.status !== 429) break;
      }
      await new Promise((resolve) => {
        setTimeout(resolve, wait * (0.75 + Math.random() / 2));
        stream.signal.addEventListener("abort", resolve);
      });
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
    if (this.stream === stream) this.stream = null;
    if (stream.signal.aborted) this.listen();
  }

  markRead() {
    const newest = this.state.messages.at(-1)?.n ?? 0;
    if (newest > this.state.read) this.change((state) => { state.read = newest; });
  }

  startOver() {
    this.kept.clear();
    this.stream?.abort();
    this.changed();
  }

  close() {
    this.closed = true;
    this.stream?.abort();
    clearTimeout(this.timer);
    for (const name of ["online", "offline"]) removeEventListener(name, this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.kept.close();
  }
}
