// What a terminal would show of a program's output: colours, and progress bars that overwrite their line.
import { el } from "./dom.js";

const NAMES = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
// CSI sequences, OSC sequences (titles, links), and the other two-character escapes.
const ESCAPE = /\x1b(?:\[([0-9;?]*)([ -/]*[@-~])|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\^_])/g;
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/g;

/** Pieces of output, `{stream, text}`, as a document fragment. */
export function terminalText(chunks) {
  const fragment = document.createDocumentFragment();
  const style = { colour: null, bold: false };
  for (const { stream, text } of chunks) {
    let from = 0;
    const plain = overwritten(text);
    for (const escape of plain.matchAll(ESCAPE)) {
      append(fragment, plain.slice(from, escape.index), style, stream);
      from = escape.index + escape[0].length;
      if (escape[2] === "m") {
        restyle(style, escape[1]);
      }
    }
    append(fragment, plain.slice(from), style, stream);
  }
  return fragment;
}

function overwritten(text) {
  return text.includes("\r") ? text.replace(/\r+\n/g, "\n").replace(/[^\n\r]*\r(?=[^\n])/g, "") : text;
}

function append(fragment, text, style, stream) {
  const visible = text.replace(CONTROL, "");
  if (visible === "") {
    return;
  }
  const classes = [
    stream === "stderr" && "stderr",
    style.colour && `ansi-${style.colour}`,
    style.bold && "ansi-bold",
  ].filter(Boolean);
  fragment.append(classes.length === 0 ? visible : el("span", { class: classes.join(" ") }, visible));
}

function restyle(style, codes) {
  for (const code of codes.split(";").map(Number)) {
    if (code === 0) {
      style.colour = null;
      style.bold = false;
    } else if (code === 1) {
      style.bold = true;
    } else if (code === 22) {
      style.bold = false;
    } else if (code === 39) {
      style.colour = null;
    } else if (code >= 30 && code <= 37) {
      style.colour = NAMES[code - 30];
    } else if (code >= 90 && code <= 97) {
      style.colour = NAMES[code - 90];
    }
  }
}
