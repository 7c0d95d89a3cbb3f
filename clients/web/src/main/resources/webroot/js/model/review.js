// The changes of a turn, or of all turns of a session, that somebody looks through.
import { FilesApi } from "../net/files-api.js";
import { ReviewMarks } from "./review-marks.js";
import { ReviewedFile } from "./reviewed-file.js";

// More are not listed: nobody looks through them, and each is asked for by itself.
const MOST_FILES = 300;

export class Review {
  #files;
  #notes;
  #conversation = null;
  #round = 0;

  /** The turn on show; null for all turns. */
  turnId = null;
  list = [];
  /** How many files there are that the list does not have. */
  left = 0;
  onChange = () => {};
  onError = () => {};

  constructor(files, notes) {
    this.#files = files;
    this.#notes = notes;
  }

  /** The turns that changed files, as {turnId, text}, oldest first. */
  get turns() {
    const { changes, items } = this.#conversation;
    return changes.turnIds.map((turnId) => ({
      turnId,
      text: items.find((item) => item.kind === "user" && item.turnId === turnId)?.text ?? "",
    }));
  }

  async open(conversation, turnId) {
    this.#conversation = conversation;
    this.turnId = turnId;
    const round = (this.#round += 1);
    const { sessionId, changes } = conversation;
    const marks = new ReviewMarks(this.#notes, sessionId);
    const places = { files: this.#files, api: new FilesApi(sessionId) };
    const all = turnId === null ? changes.all((path, iteration) => marks.isOurs(path, iteration)) : changes.of(turnId);
    this.list = all.slice(0, MOST_FILES).map((change) => new ReviewedFile(change, places, marks));
    this.left = all.length - this.list.length;
    this.onChange();
    for (const file of this.list) {
      await file.load();
      if (round !== this.#round) {
        return;
      }
      this.onChange();
    }
  }

  close() {
    this.#round += 1;
    this.list = [];
  }

  accept(file, hunk, accepted = true) {
    file.accept(hunk, accepted);
    this.onChange();
  }

  acceptAll() {
    this.list.filter(({ state }) => state === "open").forEach((file) => file.accept());
    this.onChange();
  }

  async reject(file, hunk) {
    try {
      await file.reject(hunk);
    } catch (problem) {
      this.onError(problem);
      // It shows what is there now.
      await file.load();
    }
    this.onChange();
  }
}
