// One file: its versions, the content of one, and the changes between two.
import { el, icon } from "../lib/dom.js";
import { throttled } from "../lib/frames.js";
import { baseOf } from "../model/versions.js";
import { contentView } from "./content-view.js";
import { changesView } from "./changes-view.js";
import { versionsView } from "./versions-view.js";

const GAP_MS = 1_000;
const PREVIEWED = /\.(?:html?|svg|md)$/i;

export class FileView {
  #node = document.getElementById("file");
  #files;
  #workspace;
  #path = null;
  #versions = [];
  /** The version on show; null follows the newest. */
  #chosen = null;
  /** The version to compare with; null is the one before. */
  #base = null;
  #tab = "content";
  #round = 0;
  #reloadSoon = throttled(() => this.#load(), GAP_MS);

  onOpened = () => {};

  constructor(files, workspace) {
    this.#files = files;
    this.#workspace = workspace;
  }

  open(path) {
    this.#path = path;
    this.#versions = [];
    this.#chosen = null;
    this.#base = null;
    if (!PREVIEWED.test(path) && this.#tab === "preview") {
      this.#tab = "content";
    }
    this.#node.hidden = false;
    this.onOpened(path);
    this.#load();
  }

  close() {
    this.#path = null;
    this.#round += 1;
    this.#node.hidden = true;
    this.#node.replaceChildren();
    this.onOpened(null);
  }

  /** Any file may have changed. */
  noteChanges() {
    this.noteChange(this.#path);
  }

  noteChange(path) {
    if (path === this.#path) {
      this.#reloadSoon();
    }
  }

  async #load() {
    const path = this.#path;
    if (path === null) {
      return;
    }
    try {
      const { iterations } = await this.#files.history(path);
      if (path === this.#path) {
        this.#versions = iterations.toSorted((a, b) => b.iteration - a.iteration);
        await this.#draw();
      }
    } catch (problem) {
      if (path === this.#path && problem.code !== "OFFLINE") {
        this.#frame(el("p", { class: "empty" }, problem.message));
      }
    }
  }

  #shown() {
    return this.#versions.find((version) => version.iteration === this.#chosen) ?? this.#versions[0];
  }

  async #draw() {
    const round = (this.#round += 1);
    const shown = this.#shown();
    if (!shown) {
      this.#frame(el("p", { class: "empty" }, "This file has no versions."));
      return;
    }
    const view = this.#tab === "changes" ? await this.#changes(shown) : await this.#content(shown);
    if (round === this.#round) {
      this.#frame(view);
    }
  }

  async #content(shown) {
    if (shown.deleted) {
      return el("p", { class: "empty" }, "The file was deleted in this version.");
    }
    const file = await this.#files.at(this.#path, shown.iteration);
    return this.#tab === "preview" ? (await import("./preview-view.js")).previewView(file) : contentView(file);
  }

  async #changes(shown) {
    const base = baseOf(this.#versions, shown.iteration, this.#base);
    const [before, after] = await Promise.all([this.#textOf(base), this.#textOf(shown)]);
    return changesView({
      before,
      after,
      base,
      shown,
      versions: this.#versions,
      choose: (iteration) => this.#set({ base: iteration }),
    });
  }

  async #textOf(version) {
    if (version === null || version.deleted) {
      return "";
    }
    const { encoding, content } = await this.#files.at(this.#path, version.iteration);
    return encoding === "base64" ? null : content;
  }

  async #set({ chosen = this.#chosen, base = this.#base, tab = this.#tab }) {
    this.#chosen = chosen === this.#versions[0]?.iteration ? null : chosen;
    this.#base = base;
    this.#tab = tab;
    try {
      await this.#draw();
    } catch (problem) {
      this.#frame(el("p", { class: "empty" }, problem.message));
    }
  }

  #frame(view) {
    const focused = this.#node.contains(document.activeElement) ? document.activeElement.id : "";
    const shown = this.#shown();
    this.#node.replaceChildren(
      el(
        "header",
        { class: "file-head" },
        el("h3", { title: this.#path }, this.#path),
        el(
          "button",
          { class: "quiet", type: "button", "aria-label": `Close ${this.#path}`, onclick: () => this.close() },
          icon("close"),
        ),
      ),
      shown ? versionsView(this.#versions, shown, (chosen) => this.#set({ chosen, base: null })) : "",
      shown ? this.#tools(shown) : "",
      el("div", { class: "tabs", role: "tablist" }, ...this.#tabButtons()),
      el("div", { class: "file-body", role: "tabpanel", "aria-labelledby": `tab-${this.#tab}` }, view),
    );
    if (focused) {
      document.getElementById(focused)?.focus();
    }
  }

  #tools(shown) {
    const { iteration, deleted } = shown;
    const past = shown !== this.#versions[0];
    return el(
      "div",
      { class: "file-tools" },
      deleted
        ? null
        : el("a", { class: "button", href: this.#workspace.download(this.#path, iteration), download: nameOf(this.#path) }, icon("down"), "Download"),
      past && !deleted
        ? el("button", { id: "restore-version", type: "button", onclick: () => this.#restore(iteration) }, `Restore v${iteration}`)
        : null,
    );
  }

  async #restore(iteration) {
    if (await this.#workspace.restoreFile(this.#path, iteration)) {
      // Its content is the newest version now.
      this.#chosen = null;
      this.#base = null;
      this.#reloadSoon();
    }
  }

  #tabButtons() {
    return [
      this.#tabButton("content", "Content"),
      PREVIEWED.test(this.#path) && this.#tabButton("preview", "Preview"),
      this.#tabButton("changes", "Changes"),
    ];
  }

  #tabButton(tab, label) {
    const selected = tab === this.#tab;
    return el(
      "button",
      { id: `tab-${tab}`, type: "button", role: "tab", "aria-selected": String(selected), onclick: () => this.#set({ tab }) },
      label,
    );
  }
}

const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);
