// What the agent thinks: open and dimmed while it does, folded after.
import { el, icon, setText } from "../lib/dom.js";
import { foldable } from "./foldable.js";
import { duration } from "../lib/format.js";

export function thinkingView(item) {
  const label = el("span");
  const body = el("div", { class: "thought", dir: "auto" });
  const node = el("details", { class: "thinking" }, el("summary", {}, icon("chevron"), label), body);
  const fold = foldable(node);

  function update() {
    setText(
      label,
      item.open ? "Thinking" : item.durationMs === null ? "Thought" : `Thought for ${duration(item.durationMs)}`,
    );
    setText(body, item.text);
    node.classList.toggle("open", Boolean(item.open));
    fold.suggest(item.open);
  }
  update();
  return { node, update };
}
