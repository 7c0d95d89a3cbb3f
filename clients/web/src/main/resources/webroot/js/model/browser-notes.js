// What this browser keeps under a prefix: the newest values, of whatever can be JSON. It outlives the page.

const MOST = 50;

export class BrowserNotes {
  #store;
  #prefix;

  /** `store` is the browser's; a page that may not use it forgets everything when it is closed. */
  constructor(store, prefix) {
    this.#store = store;
    this.#prefix = prefix;
  }

  /** Null where nothing is kept. */
  get(name) {
    return this.#read(this.#prefix + name)?.value ?? null;
  }

  /** Null takes it away. */
  put(name, value) {
    const key = this.#prefix + name;
    if (value === null) {
      this.#store.removeItem(key);
      return;
    }
    try {
      this.#store.setItem(key, JSON.stringify({ value, at: Date.now() }));
      this.#forgetOldest();
    } catch {
      // The store is full: the value is still in the page.
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
      key.startsWith(this.#prefix),
    );
  }
}
