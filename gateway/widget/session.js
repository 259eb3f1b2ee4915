// With what right the widget talks: the token of its conversation, taken up again or opened anew when it holds no more.

import { ApiError, post } from "./api.js";
import { Kept } from "./kept.js";

/** Whom a customer token speaks of, to tell one customer's conversation from another's; the server checks the token. */
export function subject(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replaceAll("-", "+").replaceAll("_", "/"))).sub ?? null;
  } catch {
    return null;
  }
}

export class Session extends EventTarget {
  /** `host` is the element: its attributes say which shop, and who is logged in there. */
  constructor(host) {
    super();
    this.host = host;
    this.api = `${host.origin}/api/v1/`;
    this.kept = new Kept(host.key, () => {
      this.changed();
      this.listen();
    });
  }

  get state() { return this.kept.state; }

  changed() { this.dispatchEvent(new Event("change")); }

  change(how) {
    this.kept.update(how);
    this.changed();
  }

  /** The page's word for who is logged in, "" for nobody. Where it cannot say so now, that may pass. */
  async vouched() {
    try {
      const token = this.host.customerToken;
      return (token instanceof Function ? await token() : token) || "";
    } catch {
      throw new ApiError(0);
    }
  }

  /** Call with the conversation's token; where it holds no more, once more with a new one. */
  async withToken(action) {
    const used = await this.token();
    try {
      return await action(used);
    } catch (error) {
      if (error.status !== 401) throw error;
      this.lapse(used);
      return action(await this.token());
    }
  }

  call(path, body) {
    this.act();
    return this.withToken((token) => post(this.api + path, token, body));
  }

  lapse(token) {
    this.kept.update((state) => { if (state.token === token) Object.assign(state, { token: null, lapsed: token }); });
  }

  async token() {
    await this.ready;
    if (!this.state.token) await (this.opening ??= this.open().finally(() => { this.opening = null; }));
    return this.state.token;
  }

  /** Take the conversation up again, or open one: one of a browser's tabs does it for all. */
  async open() {
    const vouched = await this.vouched();
    const enter = () => this.enter(vouched);
    await (navigator.locks?.request(this.host.key, enter) ?? enter());
  }

  /** A login the server does not take is no login. */
  async enter(vouched) {
    this.kept.reload();
    const { token: there, lapsed } = this.state;
    if (there) return;
    const ask = (word, earlier) => post(`${this.api}sessions`, earlier, { shop: this.host.getAttribute("shop"), ...(word && { customer_token: word }) });
    const orElse = (next) => (error) => {
      if (error.status !== 401) throw error;
      return next();
    };
    let resumed = lapsed;
    const { token } = await (lapsed ? ask(vouched, lapsed) : Promise.reject(new ApiError(401)))
      .catch(orElse(() => { resumed = null; return ask(vouched); })).catch(orElse(() => ask()));
    const who = subject(vouched);
    this.change((state) => {
      // Somebody else has logged in, or nobody is any more, while the page was open.
      if (state.who && state.who !== who) state.messages = [];
      // What was offered in an earlier session means nothing in this one; what was said stays to be read.
      for (const one of [...state.messages, ...state.outbox]) {
        delete one.choices;
        delete one.choice;
      }
      if (!resumed) {
        state.outbox.forEach((one) => { one.lost = one.attachments; });
        state.epoch += 1;
        state.cursor = 0;
      }
      state.session += 1;
      state.outbox.forEach((one) => { one.session = state.session; });
      Object.assign(state, { token, lapsed: null, who });
    });
  }
}
