// The difference of two texts as rows for a table.
import { diffLines } from "../lib/libraries.js";

// Beyond this many changed lines the search for the shortest difference takes too long.
export const MOST_EDITS = 6_000;
export const CONTEXT = 3;

/** Rows {kind: `same`|`added`|`removed`, before, after, text}; null when the texts differ too much. */
export function rowsOf(before, after) {
  const parts = diffLines(before, after, { maxEditLength: MOST_EDITS });
  return parts ? rowsOfParts(parts) : null;
}

/** The rows of a difference; `part` is where in it a row comes from. */
export function rowsOfParts(parts) {
  const rows = [];
  const at = { before: 1, after: 1 };
  parts.forEach(({ added, removed, value }, part) => {
    const kind = added ? "added" : removed ? "removed" : "same";
    for (const text of linesOf(value)) {
      rows.push({
        kind,
        text,
        part,
        before: kind === "added" ? null : at.before++,
        after: kind === "removed" ? null : at.after++,
      });
    }
  });
  return rows;
}

/** Rows with long unchanged stretches as {kind: `fold`, rows}. */
export function folded(rows) {
  const result = [];
  for (let from = 0; from < rows.length; ) {
    if (rows[from].kind !== "same") {
      result.push(rows[from]);
      from += 1;
      continue;
    }
    let to = from;
    while (to < rows.length && rows[to].kind === "same") {
      to += 1;
    }
    result.push(...foldStretch(rows, from, to));
    from = to;
  }
  return result;
}

export function countsOf(rows) {
  return {
    added: rows.filter((row) => row.kind === "added").length,
    removed: rows.filter((row) => row.kind === "removed").length,
  };
}

function foldStretch(rows, from, to) {
  const head = from === 0 ? from : from + CONTEXT;
  const tail = to === rows.length ? to : to - CONTEXT;
  if (tail - head < 2) {
    return rows.slice(from, to);
  }
  return [...rows.slice(from, head), { kind: "fold", rows: rows.slice(head, tail) }, ...rows.slice(tail, to)];
}

function linesOf(text) {
  const lines = text.split("\n");
  if (lines.at(-1) === "") {
    lines.pop();
  }
  return lines;
}
