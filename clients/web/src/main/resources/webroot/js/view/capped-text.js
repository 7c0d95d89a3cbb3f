// Plain text that shows its beginning until all of it is wanted.
import { copyButton } from "../lib/copy-button.js";
import { el } from "../lib/dom.js";
import { count } from "../lib/format.js";

const SHOWN = 10_000;

export function cappedText(text) {
  const pre = el("pre", { class: "code", tabindex: "0" }, text.slice(0, SHOWN));
  const frame = el("div", { class: "copyable" }, pre, copyButton("Copy output", () => text));
  if (text.length <= SHOWN) {
    return frame;
  }
  const all = el(
    "button",
    {
      class: "link",
      type: "button",
      onclick() {
        pre.textContent = text;
        pre.focus();
        all.remove();
      },
    },
    `Show all ${count(text.length)} characters`,
  );
  return el("div", {}, frame, all);
}
