// The workspace of the open session: folders are read when they are opened, and read again when a
// file in them changed.
import { throttled } from "../lib/frames.js";

const GAP_MS = 1_000;

export class Files {
  #connection;
  #sessionId = null;
  #stale = new Set();
  #refresh = throttled(() => this.#readStale(), GAP_MS);

  /** Path of a folder ("" is the workspace) → its entries. */
  folders = new Map();
  expanded = new Set([""]);
  /** Paths that changed while the page looked on. */
  fresh = new Set();
  onChange = () => {};
  onFileChanged = () => {};
  onError = () => {};

  constructor(connection) {
    this.#connection = connection;
  }

  open(sessionId) {
    this.#sessionId = sessionId;
    this.folders = new Map();
    this.expanded = new Set([""]);
    this.fresh = new Set();
    this.#stale.clear();
    this.onChange();
  }

  load() {
    this.expanded.forEach((path) => this.#stale.add(path));
    this.#refresh();
  }

  toggle(path) {
    if (this.expanded.delete(path)) {
      this.onChange();
      return;
    }
    this.expanded.add(path);
    this.#read(path);
  }

  changed({ path, from }) {
    this.fresh.add(path);
    for (const one of [path, from].filter(Boolean)) {
      for (let folder = parentOf(one); ; folder = parentOf(folder)) {
        if (this.expanded.has(folder)) {
          this.#stale.add(folder);
        }
        if (folder === "") {
          break;
        }
      }
    }
    this.#refresh();
    this.onFileChanged(path);
  }

  history(path) {
    return this.#ask({ type: "file_history", path });
  }

  at(path, iteration) {
    return this.#ask({ type: "file_at_iteration", path, iteration });
  }

  current(path) {
    return this.#ask({ type: "read_file", path });
  }

  #ask(message) {
    return this.#connection.request({ ...message, sessionId: this.#sessionId });
  }

  #readStale() {
    const paths = [...this.#stale];
    this.#stale.clear();
    paths.forEach((path) => this.#read(path));
  }

  async #read(path) {
    const sessionId = this.#sessionId;
    if (sessionId === null) {
      return;
    }
    try {
      const { entries } = await this.#ask({ type: "list_files", path, depth: 1 });
      if (sessionId === this.#sessionId) {
        this.folders.set(path, entries.toSorted(foldersFirst));
        this.onChange();
      }
    } catch (problem) {
      if (sessionId !== this.#sessionId || problem.code === "OFFLINE") {
        return;
      }
      if (path !== "") {
        // The folder is gone; its parent's list says so.
        this.folders.delete(path);
        this.expanded.delete(path);
        this.onChange();
      } else {
        this.onError(problem);
      }
    }
  }
}

const parentOf = (path) => path.slice(0, Math.max(0, path.lastIndexOf("/")));

const isFolder = (entry) => entry.type === "directory";

function foldersFirst(a, b) {
  return isFolder(b) - isFolder(a) || a.path.localeCompare(b.path);
}
