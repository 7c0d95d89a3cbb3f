// The folders of the developer's machine that sessions work on. Most servers have none.
import { FilesApi } from "../net/files-api.js";
import { ask } from "../net/http.js";
import { RequestError } from "../net/requests.js";

export class Folders {
  #known = new Map();

  /** Absolute paths of repositories that a new session may work on. */
  list = [];
  onChange = () => {};
  /** Answers a question with yes or no. */
  onQuestion = () => false;

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

  async open(sessionId, folder, answers = {}) {
    const opened = await new FilesApi(sessionId).post("folder", {}, { folder, ...answers });
    this.#known.set(sessionId, opened.folder);
    if (!opened.question) {
      return opened;
    }
    if (!this.onQuestion(opened.question)) {
      throw new RequestError("REFUSED", `The message was not sent: ${folder} has another branch checked out. Start a new session for that.`);
    }
    return this.open(sessionId, folder, { otherBranch: true });
  }

  /** The same for a new session; answers the command that its agent sets the project up with, null for none. */
  async begin(sessionId, folder, setsUp) {
    let { setUp } = await this.open(sessionId, folder);
    if (!setsUp) {
      return null;
    }
    if (setUp && typeof setUp.wanted !== "boolean") {
      const wanted = this.onQuestion(`Run \`${setUp.command}\` in the workspace first, so that the project's tests run there?`);
      ({ setUp } = await this.open(sessionId, folder, { setUp: setUp.command, setUpWanted: wanted }));
    }
    return setUp?.wanted ? setUp.command : null;
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
