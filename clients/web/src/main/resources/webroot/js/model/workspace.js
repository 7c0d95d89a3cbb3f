// The workspace of the open session as a whole: uploads, versions that come back, snapshots, archives.
import { FilesApi } from "../net/files-api.js";

export class Workspace {
  #api = null;

  snapshots = [];
  /** The last restore of the whole workspace, until another session is opened. */
  restored = null;
  onChange = () => {};
  onError = () => {};

  open(sessionId) {
    this.#api = sessionId === null ? null : new FilesApi(sessionId);
    this.snapshots = [];
    this.restored = null;
    this.onChange();
  }

  get isOpen() {
    return this.#api !== null;
  }

  load() {
    return this.#attempt(async (api) => {
      this.snapshots = (await api.get("snapshots")).snapshots.toReversed();
    });
  }

  upload(files) {
    return this.#attempt(async (api) => {
      for (const file of files) {
        await api.put("file", { path: file.name }, file);
      }
    });
  }

  restoreFile(path, iteration) {
    return this.#attempt((api) => api.post("restore", { path, iteration }));
  }

  download(path, iteration) {
    return this.#api.address("file", { path, iteration });
  }

  archive(format) {
    return this.#api.address("archive", { format });
  }

  make(name) {
    return this.#attempt(async (api) => {
      await api.post("snapshots", {}, { name });
      await this.load();
    });
  }

  forget(name) {
    return this.#attempt(async (api) => {
      await api.remove(`snapshots/${encodeURIComponent(name)}`);
      await this.load();
    });
  }

  restore(name) {
    return this.#attempt(async (api) => {
      const done = await api.post(`snapshots/${encodeURIComponent(name)}/restore`);
      this.restored = { ...done, name };
    });
  }

  undoRestore() {
    return this.#attempt(async (api) => {
      await api.post("restore", {}, { sequence: this.restored.before });
      this.restored = null;
    });
  }

  /** Whether it was done; a problem of a session that was left is none any more. */
  async #attempt(work) {
    const api = this.#api;
    if (api === null) {
      return false;
    }
    try {
      await work(api);
      return api === this.#api;
    } catch (problem) {
      if (api === this.#api) {
        this.onError(problem);
      }
      return false;
    } finally {
      if (api === this.#api) {
        this.onChange();
      }
    }
  }
}
