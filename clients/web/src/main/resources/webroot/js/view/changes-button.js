// The way from the end of a turn to what it changed.
import { el } from "../lib/dom.js";
import { counted } from "../lib/format.js";

/** Null for a turn that changed nothing. */
export function changesButton({ files, turnId }, actions) {
  return files > 0
    ? el("button", { class: "link changes-of-turn", type: "button", onclick: () => actions.review(turnId) }, `${counted(files, "file")} changed`)
    : null;
}
