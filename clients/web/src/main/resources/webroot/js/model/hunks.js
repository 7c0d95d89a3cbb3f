// The difference of two texts as hunks, each of which can be taken back by itself.
import { CONTEXT, MOST_EDITS, rowsOfParts } from "./diff.js";
import { diffLines } from "../lib/libraries.js";

/** The hunks of {key, rows, from, to}, with `parts` of the difference; null when the texts differ too much. */
export function hunksOf(before, after) {
  const parts = diffLines(before, after, { maxEditLength: MOST_EDITS });
  if (!parts) {
    return null;
  }
  const rows = rowsOfParts(parts);
  const changed = rows.flatMap(({ kind }, index) => (kind === "same" ? [] : [index]));
  const ranges = [];
  for (const index of changed) {
    const last = ranges.at(-1);
    if (last && index - last.to <= 2 * CONTEXT) {
      last.to = index;
    } else {
      ranges.push({ from: index, to: index });
    }
  }
  const seen = new Map();
  return { parts, hunks: ranges.map((range) => hunk(rows, range, seen)) };
}

function hunk(rows, { from, to }, seen) {
  const text = rows
    .slice(from, to + 1)
    .map((row) => row.kind[0] + row.text)
    .join("\n");
  const times = (seen.get(text) ?? 0) + 1;
  seen.set(text, times);
  return {
    // The same change further down is another one.
    key: `${times}:${digest(text)}`,
    rows: rows.slice(Math.max(0, from - CONTEXT), to + 1 + CONTEXT),
    from: rows[from].part,
    to: rows[to].part,
  };
}

/** The text after the change without this hunk, to the byte. */
export function withoutHunk(parts, { from, to }) {
  return parts
    .map((part, index) => {
      const back = index >= from && index <= to;
      return (part.added && back) || (part.removed && !back) ? "" : part.value;
    })
    .join("");
}

/** Two changes that differ have two of these, as far as that matters for a mark in a list. */
export function digest(text) {
  let one = 0x811c9dc5;
  let other = 0x1000193;
  for (let index = 0; index < text.length; index += 1) {
    one = Math.imul(one ^ text.charCodeAt(index), 0x01000193);
    other = Math.imul(other + text.charCodeAt(index), 0x85ebca6b) ^ (other >>> 13);
  }
  return (one >>> 0).toString(36) + (other >>> 0).toString(36);
}
