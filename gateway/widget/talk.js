// One conversation: what was said, what waits to be sent, what comes back. Whatever the network does, every message
// is there once and in order: own ones have a client id the server acts on once, and all have a sequence number.

import { ApiError, follow, post } from "./api.js";
import { Session, subject } from "./session.js";

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 15_000;

/** Works on plain http too, where randomUUID does not exist. */
const newId = () => [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(36)).join("-");

/** Whether anything is there that could be another customer's. */
const keeps = ({ token, lapsed, messages, outbox }) => token || lapsed || messages[0] || outbox[0];

/** A little more or less, so that not everybody comes back at once. */
const spread = (wait) => wait * (0.75 + Math.random() / 2);

export class Talk extends Session {
  constructor(host) {
    super(host);
    this.failures = 0;
    this.held = [];
    this.off = new AbortController();
    const look = () => {
      if (document.hidden) this.stream?.abort();
      else this.nudge();
    };
    // A listener goes by the `signal` of what it is given: the controller has one.
    addEventListener("online", look, this.off);
    addEventListener("offline", () => this.changed(), this.off);
    document.addEventListener("visibilitychange", look, this.off);
    this.begin();
  }

  get unread() { return this.items.filter((one) => one.from !== "customer" && one.n > this.state.read).length; }

  /** Everything in order: what the server has, then what waits to be sent. */
  get items() { return this.mine ? [...this.state.messages, ...this.state.outbox] : this.held; }

  /** Learn who is logged in: what is kept here is neither shown nor followed until it is known to be theirs. */
  begin() {
    if (this.mine === false) return this.wake?.();
    this.stream?.abort();
    this.mine = this.acts = false;
    this.ready = this.claim();
  }

  async claim() {
    for (let wait = FIRST_WAIT_MS; keeps(this.state); wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const who = await this.vouched().then(subject, (error) => { this.trouble = error; });
      const before = this.state.who;
      // Nobody may be somebody a moment later: what is kept is hidden then, and ends when whoever is there writes.
      if (who || (who === null && (this.acts || !before))) {
        if (before && before !== who) this.startOver();
        else if (before !== who) this.change((state) => { state.token = state.lapsed = null; });
        break;
      }
      this.changed();
      await new Promise((resolve) => {
        this.wake = resolve;
        if (who !== null) setTimeout(resolve, spread(wait));
      });
    }
    this.mine = true;
    this.trouble = null;
    this.release();
    this.nudge();
  }

  /** Take what the customer said: {text, choice?, attachments?}; it is shown at once, and kept once the talk is theirs. */
  say(said) {
    this.held.push({ id: newId(), from: "customer", at: new Date(Date.now() + this.state.skew).toISOString(), ...said });
    if (this.mine) this.release();
    this.act();
  }

  release() {
    const said = this.held.splice(0);
    if (said[0]) this.change(({ outbox, session }) => outbox.push(...said.map((one) => ({ ...one, session }))));
  }

  /** The customer does something: they are there, whoever they are. */
  act() {
    this.acts = true;
    this.nudge();
  }

  /** Do now what waits for its time; of the messages that were refused, try `id` once more. */
  nudge(id) {
    this.wake?.();
    if (this.mine) {
      if (id) this.move("messages", "outbox", id, { refused: 0, n: undefined });
      clearTimeout(this.timer);
      this.timer = null;
      this.flush();
      this.listen();
      this.skip?.();
    }
    this.changed();
  }

  /** A message that was refused stands where it was said; one to be sent stands behind all others. */
  move(from, to, id, as) {
    this.change((state) => {
      const entry = state[from].find((one) => one.id === id);
      if (!entry) return;
      state[from] = state[from].filter((one) => one !== entry);
      state[to].push({ ...entry, ...as });
    });
  }

  async flush() {
    if (this.sending || this.timer) return;
    let entry;
    while (this.mine && !this.off.signal.aborted && (entry = this.state.outbox[0])) {
      this.sending = entry.id;
      this.changed();
      try {
        await this.deliver(entry.id);
        this.failures = 0;
        this.trouble = null;
        this.listen();
        this.skip?.();
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (error.passing) {
          this.trouble = error;
          const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.failures++);
          this.timer = setTimeout(() => this.nudge(), Math.max(spread(wait), error.wait * 1000));
          return;
        }
        const { messages, epoch } = this.state;
        this.move("outbox", "messages", entry.id, { refused: error.status, n: (messages.at(-1)?.n ?? epoch * 1e6) + 0.25 });
      } finally {
        this.sending = null;
        this.changed();
      }
    }
  }

  deliver(id) {
    return this.withToken(async (token) => {
      const entry = this.state.outbox.find((one) => one.id === id);
      if (!entry) return;
      // It may have lost its choice or its pictures by now; the customer hears of those before it goes without them.
      const { text, choice, attachments = [], lost, refused } = entry;
      if (lost && refused === undefined) throw new ApiError(410);
      const body = choice ? { client_id: id, choice } : { client_id: id, text, attachments: lost ? [] : attachments };
      const { replies } = await post(`${this.api}messages`, token, body);
      // Its own number comes with the events; until then it stands before its answer.
      this.take([{ client_id: id, seq: replies[0].seq - 0.5 }, ...replies], token, Date.parse(replies[0].at));
    });
  }

  addPicture(file) {
    const form = new FormData();
    form.append("picture", file);
    return this.call("attachments", form);
  }

  /** Messages of the server, from wherever they came: each is put in its place once. */
  take(messages, token, now) {
    this.change((state) => {
      if (state.token !== token) return;
      const { epoch, session } = state;
      for (const { client_id: id, ...message } of messages) {
        const n = epoch * 1e6 + message.seq;
        const known = state.messages.find((one) => (id ? one.id === id : one.n === n));
        const waiting = state.outbox.find((one) => one.id === id);
        if (waiting) state.outbox = state.outbox.filter((one) => one !== waiting);
        if (!known) state.messages.push({ session, ...waiting, ...message, ...(id && { id }), n });
        else if (n % 1 === 0) known.n = n;
      }
      state.messages.sort((one, other) => one.n - other.n);
      if (now) state.skew = now - Date.now();
    });
  }

  /** Follow the conversation while the page is looked at; after a break from the last event seen, with back-off. */
  async listen() {
    if (this.listening) return;
    this.listening = true;
    // A conversation whose day is over is taken up again for who looks at it.
    const isLive = () => this.state.token || (this.state.lapsed && this.host.panel?.shown);
    for (let wait = FIRST_WAIT_MS; this.mine && isLive() && !document.hidden && !this.off.signal.aborted; wait = Math.min(wait * 2, LONGEST_WAIT_MS)) {
      const began = Date.now();
      let token;
      try {
        token = await this.token();
        this.stream = new AbortController();
        await follow(`${this.api}events`, token, this.state.cursor, this.stream, (message) => {
          this.take([message], token);
          this.kept.update((state) => { if (state.token === token) state.cursor = Math.max(state.cursor, message.seq); });
        });
      } catch (error) {
        if (error.status === 401) this.lapse(token);
      }
      if (Date.now() - began > LONGEST_WAIT_MS) wait = FIRST_WAIT_MS;
      await new Promise((resolve) => {
        this.skip = resolve;
        setTimeout(resolve, spread(wait));
      });
    }
    this.listening = false;
  }

  markRead() {
    const newest = this.mine && this.state.messages.at(-1)?.n;
    if (newest > this.state.read) this.change((state) => { state.read = newest; });
  }

  startOver() {
    this.kept.clear();
    this.stream?.abort();
    this.nudge();
  }

  close() {
    this.off.abort();
    this.stream?.abort();
    clearTimeout(this.timer);
    this.kept.channel.close();
  }
}
