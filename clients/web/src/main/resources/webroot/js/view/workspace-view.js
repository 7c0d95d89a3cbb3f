// What can be done with the workspace as a whole: upload, download, snapshots.
import { el, icon } from "../lib/dom.js";
import { clock } from "../lib/format.js";

export class WorkspaceView {
  #workspace;
  #tools = document.getElementById("workspace-tools");
  #snapshots = document.getElementById("snapshots");
  #picker = el("input", { type: "file", multiple: true, hidden: true, id: "upload-files" });
  #open = false;
  onChanges = () => {};

  constructor(workspace) {
    this.#workspace = workspace;
    this.#picker.addEventListener("change", async () => {
      await workspace.upload([...this.#picker.files]);
      this.#picker.value = "";
    });
  }

  draw() {
    const { isOpen } = this.#workspace;
    this.#tools.hidden = !isOpen;
    this.#snapshots.hidden = !isOpen || !this.#open;
    if (isOpen) {
      this.#keepingFocus(() => {
        this.#tools.replaceChildren(...this.#buttons());
        this.#snapshots.replaceChildren(...this.#lines());
      });
    }
  }

  #keepingFocus(work) {
    const { id, value } = document.activeElement ?? {};
    work();
    if (id && (this.#tools.contains(document.getElementById(id)) || this.#snapshots.contains(document.getElementById(id)))) {
      document.getElementById(id).focus();
      if (id === "snapshot-name") {
        document.getElementById(id).value = value;
      }
    }
  }

  #buttons() {
    return [
      this.#picker,
      el("button", { id: "upload", type: "button", onclick: () => this.#picker.click() }, icon("plus"), "Upload"),
      el("a", { id: "download-archive", class: "button", href: this.#workspace.archive("zip"), download: "workspace.zip" }, icon("down"), "Zip"),
      el("button", { id: "show-changes", type: "button", "aria-haspopup": "dialog", onclick: () => this.onChanges() }, "Changes"),
      el(
        "button",
        { id: "show-snapshots", type: "button", "aria-expanded": String(this.#open), "aria-controls": "snapshots", onclick: () => this.#toggle() },
        "Snapshots",
      ),
    ];
  }

  #toggle() {
    this.#open = !this.#open;
    this.draw();
    if (this.#open) {
      this.#workspace.load();
    }
  }

  #lines() {
    const { snapshots, restored } = this.#workspace;
    return [
      this.#form(),
      restored === null ? null : this.#restored(restored),
      snapshots.length === 0
        ? el("p", { class: "empty" }, "Save the current files under a name.")
        : el("ul", {}, ...snapshots.map((one) => this.#snapshot(one))),
    ].filter(Boolean);
  }

  #form() {
    const name = el("input", {
      id: "snapshot-name",
      "aria-label": "Name of the snapshot",
      placeholder: "Name",
      required: true,
      maxlength: 100,
      pattern: "[A-Za-z0-9][A-Za-z0-9._\\-]*",
      title: "Letters, digits, '.', '_' and '-'; starts with a letter or digit",
    });
    return el(
      "form",
      {
        onsubmit: async (event) => {
          event.preventDefault();
          if (await this.#workspace.make(name.value)) {
            document.getElementById("snapshot-name").value = "";
          }
        },
      },
      name,
      el("button", { id: "make-snapshot" }, "Save"),
    );
  }

  #restored({ name, written, deleted }) {
    return el(
      "p",
      { class: "restored", role: "status" },
      `Restored ${name}: ${written} written, ${deleted} deleted. `,
      el("button", { id: "undo-restore", class: "link", type: "button", onclick: () => this.#workspace.undoRestore() }, "Undo"),
    );
  }

  #snapshot({ name, createdAt }) {
    return el(
      "li",
      {},
      el("span", { class: "name", title: new Date(createdAt).toLocaleString() }, name),
      el("span", { class: "size" }, clock(createdAt)),
      el("button", { id: `restore-${name}`, type: "button", onclick: () => this.#workspace.restore(name) }, "Restore"),
      el(
        "button",
        { id: `forget-${name}`, class: "quiet", type: "button", "aria-label": `Delete snapshot ${name}`, onclick: () => this.#workspace.forget(name) },
        icon("close"),
      ),
    );
  }
}
