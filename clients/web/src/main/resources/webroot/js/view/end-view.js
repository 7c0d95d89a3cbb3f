// The line under a turn: how it ended, how long it took, and what it used.
import { el } from "../lib/dom.js";
import { count, duration, money } from "../lib/format.js";
import { changesButton } from "./changes-button.js";

const ENDINGS = {
  stopped: "You stopped this turn",
  max_tokens: "The answer reached the maximum length. Ask the agent to continue.",
};

export function endView(item, actions) {
  const parts = [];
  if (item.durationMs !== null) {
    parts.push(duration(item.durationMs));
  }
  const { usage } = item;
  if (usage && usage.inputTokens + usage.outputTokens > 0) {
    parts.push(`${count(usage.inputTokens)} tokens in`, `${count(usage.outputTokens)} out`, money(usage.cost == null ? null : Number(usage.cost)));
  }
  const ending = ENDINGS[item.stopReason];
  return {
    node: el(
      "div",
      { class: "end", "data-stop": item.stopReason },
      ending ? el("strong", {}, ending) : null,
      el("span", {}, parts.join(" · ")),
      changesButton(item, actions),
    ),
    update() {},
  };
}
