// What was written and not sent, for each session and for a new one. It outlives the page, in this browser.

const PREFIX = "concert.draft.";
const NEW = "new";
const MOST = 50;

export class Drafts {
  #store;

  /** `store` is the browser's; a page that may not use it forgets its drafts when it is closed. */
  constructor(store) {
    this.#store = store;
  }

  /** `sessionId` is null for a session that does not exist yet. */
  get(sessionId) {
    return this.#read(keyOf(sessionId))?.text ?? "";
  }

  put(sessionId, text) {
    const key = keyOf(sessionId);
    if (text === "") {
      this.#store.removeItem(key);
      return;
    }
    try {
      this.#store.setItem(key, JSON.stringify({ text, at: Date.now() }));
      this.#forgetOldest();
    } catch {
      // The store is full: the text is still in the page.
    }
  }

  /** Nobody else who uses this browser reads them. */
  clear() {
    this.#keys().forEach((key) => this.#store.removeItem(key));
  }

  #read(key) {
    try {
      return JSON.parse(this.#store.getItem(key));
    } catch {
      return null;
    }
  }

  #forgetOldest() {
    const keys = this.#keys();
    if (keys.length > MOST) {
      const at = (key) => this.#read(key)?.at ?? 0;
      keys
        .toSorted((a, b) => at(a) - at(b))
        .slice(0, keys.length - MOST)
        .forEach((key) => this.#store.removeItem(key));
    }
  }

  #keys() {
    return Array.from({ length: this.#store.length }, (_, index) => this.#store.key(index)).filter((key) =>
      key.startsWith(PREFIX),
    );
  }
}

const keyOf = (sessionId) => PREFIX + (sessionId ?? NEW);
