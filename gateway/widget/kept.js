// What this browser keeps of a conversation, shared by all tabs of a shop's pages; it survives reloads and days.

const MOST = 300;

// `stamp` tells a talk that was begun over from the one before: its numbers are the same.
const fresh = () => ({
  v: 1, stamp: Math.random(), who: null, token: null, lapsed: null, epoch: 0, session: 0, cursor: 0, read: 0, skew: 0, messages: [], outbox: [],
});

export class Kept {
  constructor(key, onChange) {
    this.key = key;
    this.state = fresh();
    this.reload();
    this.channel = new BroadcastChannel(key);
    this.channel.onmessage = () => {
      this.reload();
      onChange();
    };
  }

  reload() {
    // Storage can be switched off, full, or hold something else: the chat works then until the page is left.
    if (this.inMemory) return;
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      this.state = kept?.v === 1 ? kept : fresh();
    } catch {
      this.inMemory = true;
    }
  }

  /** Change the newest state there is: another tab may have written meanwhile. */
  update(change) {
    this.reload();
    change(this.state);
    this.state.messages = this.state.messages.slice(-MOST);
    try {
      localStorage.setItem(this.key, JSON.stringify(this.state));
    } catch {
      this.inMemory = true;
    }
    this.channel.postMessage(0);
  }

  clear() {
    this.update((state) => Object.assign(state, fresh()));
    if (!this.inMemory) localStorage.removeItem(this.key);
  }
}
