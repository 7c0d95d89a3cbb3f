// The arguments of a tool call: each by its name; text of several lines as code; an edit as a diff.
import { el } from "../lib/dom.js";
import { highlight, languageOf } from "../lib/code.js";
import { rowsOf } from "../model/diff.js";
import { diffTable } from "./diff-view.js";

const LONGEST = 20_000;

export function argumentsView(item) {
  const given = item.arguments;
  if (given === null || typeof given !== "object") {
    return block(String(given));
  }
  if (typeof given.old_string === "string" && typeof given.new_string === "string") {
    const { old_string: before, new_string: after, ...others } = given;
    return el("div", { class: "arguments" }, list(others, item), diffTable(rowsOf(before, after) ?? []));
  }
  return el("div", { class: "arguments" }, list(given, item));
}

function list(given, item) {
  const fields = el("dl");
  for (const [name, value] of Object.entries(given)) {
    fields.append(el("dt", {}, name), el("dd", {}, valueView(name, value, given, item)));
  }
  return fields;
}

function valueView(name, value, given, item) {
  if (typeof value !== "string") {
    return el("code", {}, JSON.stringify(value));
  }
  if (name === "command") {
    return block(value, "bash");
  }
  if (name === "content") {
    return block(value, languageOf(String(given.path ?? "")));
  }
  return value.includes("\n") ? block(value) : el("code", {}, value);
}

function block(text, language) {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}\n… ${text.length - LONGEST} more characters` : text;
  return el("pre", { class: "code", tabindex: "0" }, el("code", {}, highlight(shown.replace(/\n$/, ""), language)));
}
