// A tool call: one line that unfolds to arguments and result, its terminal, and the permission it needs.
import { el, icon, setText, show } from "../lib/dom.js";
import { duration } from "../lib/format.js";
import { argumentsView } from "./arguments-view.js";
import { foldable } from "./foldable.js";
import { permissionView } from "./permission-view.js";
import { resultView } from "./result-view.js";
import { terminalView } from "./terminal-view.js";

const ICONS = {
  bash: "terminal", read_file: "file", write_file: "pencil", edit_file: "pencil", list_files: "folder",
  search: "search",
};

export function toolView(item, actions) {
  const name = el("span", { class: "tool-name" });
  const subject = el("code", { class: "subject" });
  const status = el("span", { class: "status" });
  const body = el("div", { class: "tool-body" });
  const symbol = el("span", { class: "tool-icon" });
  const call = el(
    "details",
    { class: "call" },
    el("summary", {}, symbol, name, subject, status, icon("chevron")),
    body,
  );
  const node = el("article", { class: "tool" }, call);
  const fold = foldable(call);
  const drawn = { terminal: null, permission: null, arguments: null, result: null };

  function update() {
    node.dataset.status = statusOf(item);
    node.dataset.tool = item.toolName;
    node.setAttribute("aria-label", `Tool ${item.toolName}`);
    if (!symbol.hasChildNodes() && item.toolName) {
      symbol.append(icon(ICONS[item.toolName] ?? "tool"));
    }
    setText(name, item.toolName || "terminal");
    setText(subject, subjectOf(item));
    setText(status, statusText(item));
    show(call, item.toolName !== "" || item.terminal === null);
    drawBody();
    drawTerminal();
    drawPermission();
    fold.suggest(needsAnswer(item));
  }

  function drawBody() {
    if (item.arguments !== null && drawn.arguments === null) {
      drawn.arguments = argumentsView(item);
      body.prepend(drawn.arguments);
    }
    const over = item.output !== undefined || item.error !== undefined;
    if (over && drawn.result === null) {
      drawn.result = resultView(item);
      if (drawn.result !== null) {
        body.append(drawn.result);
      }
    }
  }

  function drawTerminal() {
    if (item.terminal !== null && drawn.terminal === null) {
      drawn.terminal = terminalView(item);
      node.append(drawn.terminal.node);
    }
    drawn.terminal?.update();
  }

  function drawPermission() {
    if (item.request && drawn.permission?.questionId !== item.request.questionId) {
      drawn.permission?.node.remove();
      drawn.permission = permissionView(item, actions);
      call.after(drawn.permission.node);
    }
    drawn.permission?.update();
  }

  update();
  return { node, update };
}

const needsAnswer = (item) => Boolean(item.request) && item.request.outcome === null;

function statusOf(item) {
  if (needsAnswer(item)) {
    return "waiting";
  }
  return item.request?.outcome?.approved === false && item.status === "failed" ? "denied" : item.status;
}

function statusText(item) {
  switch (statusOf(item)) {
    case "writing":
      return "writing";
    case "waiting":
      return "needs you";
    case "running":
      return "running";
    case "done":
      return item.durationMs === undefined ? "done" : duration(item.durationMs);
    case "denied":
      return "denied";
    case "interrupted":
      return "interrupted";
    default:
      return "failed";
  }
}

/** What the call is about, in one line. */
function subjectOf(item) {
  const given = item.arguments;
  if (given === null || typeof given !== "object") {
    return "";
  }
  const subject =
    given.command ?? given.path ?? given.pattern ?? Object.values(given).find((value) => typeof value === "string");
  return String(subject ?? "").replace(/\s+/g, " ").slice(0, 300);
}
