// What a tool gave back to the model, or how it failed.
import { el } from "../lib/dom.js";
import { cappedText } from "./capped-text.js";

/** Null when the terminal has shown the same already. */
export function resultView(item) {
  if (item.error) {
    return el("p", { class: "tool-error" }, el("strong", {}, item.error.code), " ", item.error.message);
  }
  const text = typeof item.output === "string" ? item.output : JSON.stringify(item.output, null, 2);
  if (text === "" || shownInTerminal(item, text)) {
    return null;
  }
  return el(
    "div",
    { class: "result" },
    el("h2", {}, item.truncated ? "Result, cut for the model" : "Result"),
    cappedText(text),
  );
}

function shownInTerminal(item, text) {
  return item.terminal !== null && item.terminal.chunks.map((chunk) => chunk.text).join("").trim() === text.trim();
}
