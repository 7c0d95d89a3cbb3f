// Sessions and files as drawers where there is no room for them beside the conversation.

const PANELS = ["sessions", "files"];

export class Panels {
  #buttons = new Map(PANELS.map((name) => [name, document.getElementById(`show-${name}`)]));

  constructor() {
    for (const [name, button] of this.#buttons) {
      button.addEventListener("click", () => this.open(name));
    }
    document.querySelectorAll("[data-close-panel]").forEach((button) => {
      button.addEventListener("click", () => this.close());
    });
    document.getElementById("scrim").addEventListener("click", () => this.close());
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        this.close();
      }
    });
  }

  open(name) {
    document.body.dataset.panel = name;
    this.#mark(name);
    document.getElementById(name).querySelector("button[data-close-panel]").focus();
  }

  close() {
    const { panel } = document.body.dataset;
    if (panel) {
      delete document.body.dataset.panel;
      this.#mark(null);
      this.#buttons.get(panel).focus();
    }
  }

  #mark(opened) {
    for (const [name, button] of this.#buttons) {
      button.setAttribute("aria-expanded", String(name === opened));
    }
  }
}
