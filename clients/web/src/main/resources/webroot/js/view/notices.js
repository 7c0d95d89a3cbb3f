// Problems that belong to no turn: what happened, and what to do.
import { el, icon } from "../lib/dom.js";
import { toldOf } from "../model/advice.js";

const MOST = 3;
const STAYS_MS = 12_000;

export class Notices {
  #node = document.getElementById("notices");

  problem(problem) {
    const { what, advice } = toldOf(problem);
    const notice = el(
      "div",
      { class: "notice" },
      el("p", {}, el("strong", {}, what), " ", advice),
      el("button", { class: "quiet", type: "button", "aria-label": "Close", onclick: () => notice.remove() }, icon("close")),
    );
    this.#node.append(notice);
    while (this.#node.childElementCount > MOST) {
      this.#node.firstElementChild.remove();
    }
    setTimeout(() => notice.remove(), STAYS_MS);
  }

  clear() {
    this.#node.replaceChildren();
  }
}
