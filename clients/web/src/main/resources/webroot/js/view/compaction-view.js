// A long conversation was summarised for the model; here it stays whole.
import { el } from "../lib/dom.js";
import { count } from "../lib/format.js";

export function compactionView({ tokensBefore, tokensAfter }) {
  const text = `The agent goes on with a summary of the conversation: ${count(tokensAfter)} tokens instead of ${count(tokensBefore)}`;
  return { node: el("div", { class: "end compaction" }, el("span", {}, text)), update() {} };
}
