// The output of a command: open while it runs, and after when it is short.
import { copyButton } from "../lib/copy-button.js";
import { el, icon, setText, show } from "../lib/dom.js";
import { terminalText } from "../lib/ansi.js";
import { count, counted, duration } from "../lib/format.js";
import { foldable } from "./foldable.js";

// Only the end of a longer output is in the page: a browser holds up for megabytes of text.
const SHOWN = 40_000;
const SHORT_LINES = 16;

export function terminalView(item) {
  const label = el("span", { class: "terminal-label" });
  const exit = el("span", { class: "exit" });
  const all = el("button", { class: "link", type: "button", hidden: true, onclick: showAll });
  const output = el("pre", { class: "output", tabindex: "0", "aria-label": "Terminal output" });
  const node = el(
    "details",
    { class: "terminal" },
    el("summary", {}, icon("chevron"), label, exit),
    all,
    el("div", { class: "copyable" }, output, copyButton("Copy output", () => terminalText(item.terminal.chunks).textContent)),
  );
  const fold = foldable(node);
  let limit = SHOWN;
  let drawnLength = -1;

  function showAll() {
    limit = Infinity;
    drawnLength = -1;
    output.focus();
    update();
  }

  function update() {
    const { terminal } = item;
    const running = terminal.exitCode === null && item.status === "running";
    if (drawnLength !== terminal.length) {
      drawnLength = terminal.length;
      output.replaceChildren(terminalText(tail(terminal, limit)));
      output.scrollTop = output.scrollHeight;
    }
    setText(label, labelOf(terminal));
    setText(exit, terminal.exitCode === null ? (running ? "running" : "ended") : exitText(terminal));
    node.dataset.exit = terminal.exitCode === null ? "" : terminal.exitCode === 0 ? "ok" : "failed";
    setText(all, `Show all ${count(terminal.length)} characters`);
    show(all, terminal.length > limit);
    fold.suggest(running || terminal.exitCode !== 0 || lines(terminal) <= SHORT_LINES);
  }

  return { node, update };
}

function labelOf(terminal) {
  return terminal.length === 0 ? "No output" : counted(lines(terminal), "line");
}

function exitText(terminal) {
  const after = terminal.durationMs == null ? "" : ` after ${duration(terminal.durationMs)}`;
  return `exit ${terminal.exitCode}${after}`;
}

function lines(terminal) {
  if (terminal.countedLength !== terminal.length) {
    terminal.countedLength = terminal.length;
    terminal.lineCount = countLines(terminal.chunks);
  }
  return terminal.lineCount;
}

function countLines(chunks) {
  const breaks = chunks.reduce((sum, { text }) => sum + text.split("\n").length - 1, 0);
  return breaks + (chunks.at(-1)?.text.endsWith("\n") === false ? 1 : 0);
}

function tail({ chunks, length }, limit) {
  if (length <= limit) {
    return chunks;
  }
  const shown = [];
  for (let index = chunks.length - 1, left = limit; index >= 0 && left > 0; index -= 1) {
    const { stream, text } = chunks[index];
    shown.unshift({ stream, text: text.slice(-left) });
    left -= text.length;
  }
  return shown;
}
