// One file of a review: what changed in it, what of that is accepted, and how it is put back.
import { comparedOf } from "./turn-changes.js";
import { digest, hunksOf, withoutHunk } from "./hunks.js";

const EMPTY = { parts: [], hunks: [] };

export class ReviewedFile {
  #change;
  #places;
  #marks;
  #compared = null;

  /** `unknown` before it is read, `open`, `same` as before the change, or `failed`. */
  state = "unknown";
  problem = "";
  /** Of {key, rows}; empty where the file has no lines to compare. */
  hunks = [];
  #parts = [];

  /** `places` has `files`, which reads versions, and `api`, which writes; `marks` is what was decided. */
  constructor(change, places, marks) {
    this.#change = change;
    this.#places = places;
    this.#marks = marks;
  }

  get path() {
    return this.#change.path;
  }

  get from() {
    return this.#change.from;
  }

  /** `created`, `deleted` or `modified`. */
  get kind() {
    const { base, shown } = this.#compared ?? {};
    return base === null ? "created" : shown?.deleted ? "deleted" : "modified";
  }

  /** Whether it is in the workspace as it is shown here, so that it can be put back. */
  get canReject() {
    return this.state === "open" && this.#compared.isNow && !this.#compared.lost;
  }

  /** Why it cannot be put back; empty where it can. */
  get obstacle() {
    if (this.state !== "open" || this.canReject) {
      return "";
    }
    return this.#compared.lost
      ? "The version before is not kept: it cannot be put back."
      : "The file has changed again since. Put it back by its later changes, or in Files.";
  }

  get counts() {
    const rows = this.hunks.flatMap((hunk) => hunk.rows);
    const number = (kind) => rows.filter((row) => row.kind === kind).length;
    return { added: number("added"), removed: number("removed") };
  }

  isAccepted(hunk) {
    return this.#marks.isAccepted(this.path, hunk.key);
  }

  get accepted() {
    return this.state === "open" && this.#keys().every((key) => this.#marks.isAccepted(this.path, key));
  }

  async load() {
    try {
      const { iterations } = await this.#places.files.history(this.path);
      this.#compared = comparedOf(this.#change, iterations, (iteration) => this.#marks.isOurs(this.path, iteration));
      await this.#compare();
    } catch (problem) {
      this.state = "failed";
      this.problem = problem.message;
    }
  }

  async #compare() {
    const { base, shown } = this.#compared ?? {};
    const isSame = !shown || (base === null ? shown.deleted : !shown.deleted && base.hash === shown.hash);
    const { parts, hunks } = isSame ? EMPTY : ((await this.#difference(base, shown)) ?? EMPTY);
    this.#parts = parts;
    this.hunks = hunks;
    this.state = isSame ? "same" : "open";
  }

  async #difference(base, shown) {
    const [before, after] = await Promise.all([this.#textOf(base), this.#textOf(shown)]);
    return before === null || after === null ? null : hunksOf(before, after);
  }

  /** Null where it is no text. */
  async #textOf(version) {
    if (version === null || version.deleted) {
      return "";
    }
    const { encoding, content } = await this.#places.files.at(this.path, version.iteration);
    return encoding === "base64" ? null : content;
  }

  /** All of the file, or one hunk. */
  accept(hunk = null, accepted = true) {
    for (const key of hunk === null ? this.#keys() : [hunk.key]) {
      this.#marks.accept(this.path, key, accepted);
    }
  }

  // Without lines the version as a whole is what is accepted.
  #keys() {
    return this.hunks.length > 0 ? this.hunks.map(({ key }) => key) : [digest(this.#compared?.shown.hash ?? "")];
  }

  /** Puts all of the file back, or one hunk; rejects where somebody changed it meanwhile. */
  async reject(hunk = null) {
    const written = await (hunk === null ? this.#putBack() : this.#write(withoutHunk(this.#parts, hunk)));
    this.#marks.noteOurs(this.path, written.iteration);
    await this.load();
  }

  async #putBack() {
    const { api } = this.#places;
    const { base, shown } = this.#compared;
    if (shown.deleted) {
      return api.post("restore", { path: this.path, iteration: base.iteration });
    }
    return base === null
      ? api.remove("file", { path: this.path }, this.#ifUnchanged())
      : this.#write(await api.bytes("file", { path: this.path, iteration: base.iteration }));
  }

  #write(content) {
    return this.#places.api.put("file", { path: this.path }, new Blob([content]), this.#ifUnchanged());
  }

  #ifUnchanged() {
    return { "If-Match": `"${this.#compared.shown.hash}"` };
  }
}
