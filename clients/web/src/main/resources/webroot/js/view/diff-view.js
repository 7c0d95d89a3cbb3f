// The difference of two texts as a table: old and new line numbers, a sign, the line.
import { el } from "../lib/dom.js";
import { counted } from "../lib/format.js";
import { folded } from "../model/diff.js";

const SIGNS = { added: "+", removed: "−", same: "" };
const MOST_ROWS = 3_000;

export function diffTable(rows) {
  const body = el("tbody");
  const shown = folded(rows);
  body.append(...shown.slice(0, MOST_ROWS).map(rowView));
  if (shown.length > MOST_ROWS) {
    body.append(unfolding(`Show ${counted(shown.length - MOST_ROWS, "more line")}`, shown.slice(MOST_ROWS)));
  }
  return el("div", { class: "diff-scroll", tabindex: "0" }, el("table", { class: "diff", "aria-label": "Differences" }, body));
}

function rowView(row) {
  if (row.kind === "fold") {
    return unfolding(counted(row.rows.length, "unchanged line"), row.rows);
  }
  return el(
    "tr",
    { class: row.kind },
    el("td", { class: "number", "data-line": row.before ?? "" }),
    el("td", { class: "number", "data-line": row.after ?? "" }),
    el("td", { class: "sign", "aria-label": row.kind === "same" ? false : row.kind }, SIGNS[row.kind]),
    el("td", { class: "line" }, row.text),
  );
}

function unfolding(label, rows) {
  const row = el("tr", { class: "fold" });
  const button = el("button", { type: "button", onclick: unfold }, label);

  function unfold() {
    row.closest(".diff-scroll").focus();
    row.replaceWith(...rows.map(rowView));
  }

  row.append(el("td", { colspan: "4" }, button));
  return row;
}
