// The changes between two versions of a file.
import { el } from "../lib/dom.js";
import { countsOf, rowsOf } from "../model/diff.js";
import { NOTHING } from "../model/versions.js";
import { diffTable } from "./diff-view.js";

export function changesView({ before, after, base, shown, versions, choose }) {
  return el("div", { class: "changes" }, head(), body());

  function head() {
    const others = versions.filter((version) => version !== shown);
    if (others.length === 0) {
      return el("p", { class: "compared" }, "The first version: every line is new.");
    }
    const select = el(
      "select",
      { id: "compare-with", onchange: () => choose(Number(select.value)) },
      el("option", { value: NOTHING, selected: base === null }, "nothing"),
      ...others.map(({ iteration }) =>
        el("option", { value: iteration, selected: iteration === base?.iteration }, `v${iteration}`),
      ),
    );
    return el("label", { class: "compared" }, "From ", select, ` to v${shown.iteration}`);
  }

  function body() {
    if (before === null || after === null) {
      return el("p", { class: "empty" }, "Binary versions have no lines to compare.");
    }
    if (before === after) {
      return el("p", { class: "empty" }, "Both versions have the same content.");
    }
    const rows = rowsOf(before, after);
    if (rows === null) {
      return el("p", { class: "empty" }, "Almost every line differs. Compare the content of the versions instead.");
    }
    const { added, removed } = countsOf(rows);
    return el(
      "div",
      {},
      el("p", { class: "counts" }, el("span", { class: "plus" }, `+${added}`), " ", el("span", { class: "minus" }, `−${removed}`)),
      diffTable(rows),
    );
  }
}
