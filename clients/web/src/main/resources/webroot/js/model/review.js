// The changes of a turn, or of all turns of a session, that somebody looks through.
import { FilesApi } from "../net/files-api.js";
import { ReviewMarks } from "./review-marks.js";
import { ReviewedFile } from "./reviewed-file.js";

// More are not listed: nobody looks through them, and each is asked for by itself.
const MOST_FILES = 300;

export class Review {
  #files;
  #folders;
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

  /** The developer's folder, into which accepted files go; null if there is none. */
  folder = null;

  constructor(files, folders, notes) {
    this.#files = files;
    this.#folders = folders;
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
    await this.#findFolder(sessionId);
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

  async accept(file, hunk, accepted = true) {
    file.accept(hunk, accepted);
    this.onChange();
    if (file.accepted) {
      await this.#apply([file]);
    }
  }

  async acceptAll() {
    const files = this.list.filter((file) => file.state === "open" && !file.accepted);
    files.forEach((file) => file.accept());
    this.onChange();
    await this.#apply(files);
  }

  async #findFolder(sessionId) {
    try {
      this.folder = await this.#folders.of(sessionId);
    } catch (problem) {
      this.folder = null;
      this.onError(problem);
    }
  }

  /** What cannot be brought into the folder is not accepted either. */
  async #apply(files) {
    if (this.folder === null || files.length === 0) {
      return;
    }
    const left = new Set();
    try {
      const { conflicts, held } = await this.#folders.apply(
        this.#conversation.sessionId,
        files.map(({ path }) => path),
      );
      [...conflicts, ...held].forEach((path) => left.add(path));
      const told = [
        conflicts.length > 0 ? `You changed ${conflicts.join(", ")}, too: it stays as it is.` : "",
        held.length > 0 ? `${held.join(", ")} makes your programs run code. Apply it with \`concert turn --apply ask\`.` : "",
      ].filter(Boolean);
      if (told.length > 0) {
        this.onError({ message: told.join(" ") });
      }
    } catch (problem) {
      files.forEach(({ path }) => left.add(path));
      this.onError(problem);
    }
    files.filter(({ path }) => left.has(path)).forEach((file) => file.accept(null, false));
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
