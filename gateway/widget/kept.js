// What this browser keeps of a conversation, shared by all tabs of a shop's pages; it survives reloads and days.

const MOST = 300;
const OLDEST_MS = 30 * 86_400_000;

const fresh = () => ({
  v: 1, who: null, token: null, epoch: 0, cursor: 0, read: 0, skew: 0, said: false, used: Date.now(), messages: [], outbox: [],
});

export class Kept {
  constructor(key, onChange) {
    this.key = key;
    this.state = fresh();
    this.reload();
    if (Date.now() - this.state.used > OLDEST_MS) this.update((state) => Object.assign(state, fresh()));
    if (!globalThis.BroadcastChannel) return;
    this.channel = new BroadcastChannel(key);
    this.channel.onmessage = () => { this.reload(); onChange(); };
  }

  reload() {
    if (this.inMemory) return;
    try {
      const kept = JSON.parse(localStorage.getItem(this.key));
      this.state = kept?.v === 1 ? kept : fresh();
    } catch {
      // Storage can be switched off or hold something else: the chat works until the page is left.
    }
  }

  /** Change the newest state there is: another tab may have written meanwhile. */
  update(change) {
    this.reload();
    change(this.state);
    this.state.used = Date.now();
    this.state.messages = this.state.messages.slice(-MOST);
    try {
      localStorage.setItem(this.key, JSON.stringify(this.state));
    } catch {
      this.inMemory = true;
    }
    this.channel?.postMessage(0);
  }

  close() {
    this.channel?.close();
  }

  clear() {
    this.update((state) => Object.assign(state, fresh()));
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }
}

