// Plain text that shows its beginning until all of it is wanted.
import { el } from "../lib/dom.js";
import { count } from "../lib/format.js";

const SHOWN = 10_000;

export function cappedText(text) {
  const pre = el("pre", { class: "code", tabindex: "0" }, text.slice(0, SHOWN));
  if (text.length <= SHOWN) {
    return pre;
  }
  const all = el(
    "button",
    {
      class: "link",
      type: "button",
      onclick() {
        pre.textContent = text;
        all.remove();
      },
    },
    `Show all ${count(text.length)} characters`,
  );
  return el("div", {}, pre, all);
}
