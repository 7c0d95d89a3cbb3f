// Messages that wait for the running turn to end. They outlive a reload. Each tab has its own, so that
// no two tabs send the same one: `store` is that of the tab.
import { BrowserNotes } from "./browser-notes.js";

export class MessageQueue {
  #notes;
  onChange = () => {};

  constructor(store) {
    this.#notes = new BrowserNotes(store, "concert.queue.");
  }

  /** The texts that wait in a session, the next one first. */
  of(sessionId) {
    return this.#notes.get(sessionId) ?? [];
  }

  add(sessionId, text) {
    this.#put(sessionId, [...this.of(sessionId), text]);
  }

  /** Takes one out and answers it; undefined if there is none. */
  take(sessionId, index = 0) {
    const texts = this.of(sessionId);
    const [text] = texts.splice(index, 1);
    this.#put(sessionId, texts);
    return text;
  }

  forget(sessionId) {
    this.#put(sessionId, []);
  }

  clear() {
    this.#notes.clear();
    this.onChange();
  }

  #put(sessionId, texts) {
    this.#notes.put(sessionId, texts.length > 0 ? texts : null);
    this.onChange();
  }
}
