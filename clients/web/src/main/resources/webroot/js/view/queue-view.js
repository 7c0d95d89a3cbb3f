// The messages that wait for the running turn, over the message field.
import { el, icon, show } from "../lib/dom.js";

export class QueueView {
  #list = document.getElementById("queue");
  #drawn = "";
  /** Sends the first one now. */
  onSend = () => {};
  /** Takes one out, to be written anew. */
  onTake = () => {};

  /** `running` is whether a turn runs: then the first message waits for its end. */
  draw(texts, running) {
    const state = JSON.stringify([texts, running]);
    if (state === this.#drawn) {
      return;
    }
    this.#drawn = state;
    show(this.#list, texts.length > 0);
    this.#list.replaceChildren(...texts.map((text, index) => this.#row(text, index, running)));
  }

  #row(text, index, running) {
    return el(
      "li",
      {},
      el("span", { class: "name", dir: "auto" }, text),
      index === 0 && !running && el("button", { type: "button", onclick: () => this.onSend() }, "Send now"),
      el("button", { class: "quiet", type: "button", "aria-label": "Edit this message", onclick: () => this.onTake(index) }, icon("pencil")),
    );
  }
}
