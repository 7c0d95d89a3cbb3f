// The folders of the developer's machine that sessions work on. Most servers have none.
import { FilesApi } from "../net/files-api.js";
import { ask } from "../net/http.js";

export class Folders {
  #known = new Map();

  /** Absolute paths of repositories that a new session may work on. */
  list = [];
  onChange = () => {};

  async load() {
    try {
      this.list = (await ask("GET", "/api/folders")).folders;
      this.onChange();
    } catch {
      // Who may not make sessions chooses no folder either.
    }
  }

  /** The folder of a session; null where it works on none. */
  async of(sessionId) {
    if (!this.#known.has(sessionId)) {
      const { folder } = await new FilesApi(sessionId).get("folder");
      this.#known.set(sessionId, folder ?? null);
    }
    return this.#known.get(sessionId);
  }

  async open(sessionId, folder) {
    const opened = await new FilesApi(sessionId).post("folder", {}, { folder });
    this.#known.set(sessionId, opened.folder);
    return opened;
  }

  /** Brings what the developer changed since into the workspace; null where the session has no folder. */
  async enter(sessionId) {
    let folder = null;
    try {
      folder = await this.of(sessionId);
    } catch (problem) {
      // A message that is written without a connection is sent later.
      if (problem.code !== "OFFLINE") {
        throw problem;
      }
    }
    return folder === null ? null : this.open(sessionId, folder);
  }

  /** Brings files of the workspace into the folder: {changed, conflicts, held}. */
  apply(sessionId, paths) {
    return new FilesApi(sessionId).post("folder/changes", {}, { paths });
  }
}
