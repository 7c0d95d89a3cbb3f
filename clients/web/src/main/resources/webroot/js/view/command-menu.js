// The list of commands over the message field, while a slash and no more than a name stands in it.
import { el, show } from "../lib/dom.js";

export class CommandMenu {
  #commands;
  #field = document.getElementById("message");
  #list = document.getElementById("commands");
  #shown = [];
  #chosen = 0;
  /** Puts another text into the field. */
  onText = () => {};

  constructor(commands) {
    this.#commands = commands;
    // Before the composer, which sends what Enter ends.
    this.#field.addEventListener("keydown", (event) => this.#press(event), { capture: true });
    this.#field.addEventListener("blur", () => this.#draw([]));
    document.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        this.#field.focus();
        if (this.#field.value === "") {
          this.onText("/");
        }
        this.update();
      }
    });
  }

  update() {
    this.#chosen = 0;
    this.#draw(this.#commands.matching(this.#field.value));
  }

  #press(event) {
    if (this.#shown.length === 0 || event.isComposing) {
      return;
    }
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) {
      this.#chosen = (this.#chosen + steps[event.key] + this.#shown.length) % this.#shown.length;
      this.#draw(this.#shown);
    } else if (event.key === "Enter" || event.key === "Tab") {
      this.#run(this.#shown[this.#chosen]);
    } else if (event.key === "Escape") {
      this.#draw([]);
    } else {
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #run(command) {
    this.#draw([]);
    this.onText("");
    command.run();
  }

  #draw(shown) {
    this.#shown = shown;
    show(this.#list, shown.length > 0);
    this.#list.replaceChildren(...shown.map((command, index) => this.#option(command, index)));
    if (shown.length > 0) {
      this.#field.setAttribute("aria-activedescendant", `command-${this.#chosen}`);
    } else {
      this.#field.removeAttribute("aria-activedescendant");
    }
  }

  #option(command, index) {
    return el(
      "li",
      {
        id: `command-${index}`,
        role: "option",
        "aria-selected": String(index === this.#chosen),
        // The field keeps the focus.
        onmousedown: (event) => {
          event.preventDefault();
          this.#run(command);
        },
      },
      el("code", {}, command.name),
      " ",
      command.title,
    );
  }
}
