// What this tab remembers of the conversation, so that a reload goes on where it was. It ends with the tab.

const MOST_ENTRIES = 200;

export class Memory {
  constructor(shop) {
    this.key = `aftercare:${shop}`;
    this.token = null;
    this.entries = [];
    this.read();
  }

  read() {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.key) ?? "null");
      if (kept && Array.isArray(kept.entries)) {
        this.token = typeof kept.token === "string" ? kept.token : null;
        this.entries = kept.entries;
      }
    } catch {
      // Storage can be switched off or hold something else: the chat then starts afresh.
    }
  }

  write() {
    this.entries = this.entries.slice(-MOST_ENTRIES);
    try {
      sessionStorage.setItem(this.key, JSON.stringify({ token: this.token, entries: this.entries }));
    } catch {
      // Without storage the chat works until the page is left.
    }
  }

  add(entry) {
    this.entries.push(entry);
    this.write();
  }

  forget() {
    this.token = null;
    this.entries = [];
    try {
      sessionStorage.removeItem(this.key);
    } catch {
      // Nothing was kept.
    }
  }
}

/** A name for one message that nothing else has; works on plain http too, where randomUUID does not exist. */
export function newClientId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
