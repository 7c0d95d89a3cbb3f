// What was written and not sent, for each session and for a new one.
import { BrowserNotes } from "./browser-notes.js";

const NEW = "new";

export class Drafts {
  #notes;

  constructor(store) {
    this.#notes = new BrowserNotes(store, "concert.draft.");
  }

  /** `sessionId` is null for a session that does not exist yet. */
  get(sessionId) {
    return this.#notes.get(sessionId ?? NEW) ?? "";
  }

  put(sessionId, text) {
    this.#notes.put(sessionId ?? NEW, text === "" ? null : text);
  }

  clear() {
    this.#notes.clear();
  }
}
