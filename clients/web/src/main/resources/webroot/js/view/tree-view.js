// The workspace as a tree of buttons; folders unfold in place.
import { el, icon } from "../lib/dom.js";
import { oncePerFrame } from "../lib/frames.js";
import { size } from "../lib/format.js";

export class TreeView {
  #node = document.getElementById("tree");
  #files;
  #openPath = null;

  drawSoon = oncePerFrame(() => this.#draw());
  onOpen = () => {};

  constructor(files) {
    this.#files = files;
  }

  mark(path) {
    this.#openPath = path;
    this.drawSoon();
  }

  #draw() {
    const focused = this.#node.contains(document.activeElement) ? document.activeElement.dataset.path : null;
    const root = this.#files.folders.get("");
    this.#node.replaceChildren(
      root === undefined || root.length === 0
        ? el("p", { class: "empty" }, "Files appear here as the agent writes them.")
        : this.#folder(""),
    );
    if (focused != null) {
      [...this.#node.querySelectorAll("[data-path]")].find((row) => row.dataset.path === focused)?.focus();
    }
  }

  #folder(path) {
    const entries = this.#files.folders.get(path) ?? [];
    return el("ul", {}, ...entries.map((entry) => el("li", {}, ...this.#entry(entry))));
  }

  #entry(entry) {
    const name = entry.path.slice(entry.path.lastIndexOf("/") + 1);
    if (entry.type === "directory") {
      const expanded = this.#files.expanded.has(entry.path);
      return [
        el(
          "button",
          {
            type: "button",
            class: "row folder",
            "data-path": entry.path,
            "aria-expanded": String(expanded),
            onclick: () => this.#files.toggle(entry.path),
          },
          icon("chevron"),
          el("span", { class: "name" }, name),
        ),
        expanded ? this.#folder(entry.path) : null,
      ].filter(Boolean);
    }
    return [
      el(
        "button",
        {
          type: "button",
          class: this.#files.fresh.has(entry.path) ? "row fresh" : "row",
          "data-path": entry.path,
          "aria-current": entry.path === this.#openPath ? "true" : false,
          onclick: () => this.onOpen(entry.path),
        },
        icon("file"),
        el("span", { class: "name" }, name),
        entry.iteration > 1 ? el("span", { class: "version", title: `Version ${entry.iteration}` }, `v${entry.iteration}`) : null,
        el("span", { class: "size" }, size(entry.size)),
      ),
    ];
  }
}
