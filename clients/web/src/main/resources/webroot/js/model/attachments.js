// Files that go with the next message. They are uploaded into the workspace, each message into a folder of its own,
// and named to the agent by their paths: so their size is that of any file.
import { randomId } from "../lib/random-id.js";
import { FilesApi } from "../net/files-api.js";

const MOST = 20;
const FOLDER = "attachments";

export class Attachments {
  /** Files of the browser, in the order in which they were added. */
  list = [];
  onChange = () => {};

  /** Whether all of them were taken. */
  add(files) {
    const taken = [...files].slice(0, MOST - this.list.length);
    this.list = [...this.list, ...taken];
    this.onChange();
    return taken.length === files.length;
  }

  remove(file) {
    this.list = this.list.filter((one) => one !== file);
    this.onChange();
  }

  clear() {
    this.list = [];
    this.onChange();
  }

  /** Uploads them, and forgets them when all are there. What `run_turn` takes: {name, mediaType, path}. */
  async upload(sessionId) {
    if (this.list.length === 0) {
      return [];
    }
    const api = new FilesApi(sessionId);
    const folder = `${FOLDER}/${randomId().slice(0, 12)}`;
    const names = namesOf(this.list);
    const uploaded = await Promise.all(
      this.list.map(async (file, index) => {
        const path = `${folder}/${names[index]}`;
        await api.put("file", { path }, file);
        return { name: names[index], mediaType: file.type || "application/octet-stream", path };
      }),
    );
    this.clear();
    return uploaded;
  }
}

/** Names of files that are not the same twice, such as those of pasted pictures, and name no folder. */
export function namesOf(files) {
  const taken = new Set();
  return files.map(({ name }) => {
    const whole = name.replace(/[/\\\u0000-\u001f]/g, "_").replace(/^\.+$/, "_") || "file";
    const dot = whole.lastIndexOf(".") > 0 ? whole.lastIndexOf(".") : whole.length;
    let unique = whole;
    for (let count = 2; taken.has(unique); count += 1) {
      unique = `${whole.slice(0, dot)}-${count}${whole.slice(dot)}`;
    }
    taken.add(unique);
    return unique;
  });
}

/** A message that goes to a running turn has no attachments: it names their paths. */
export function withPaths(text, attachments) {
  return attachments.length === 0 ? text : `${text}\n\nAttached: ${attachments.map(({ path }) => path).join(", ")}`;
}
