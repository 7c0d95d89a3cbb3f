// The agent's plan: its steps, and how far they are.
import { el, setText } from "../lib/dom.js";

const SIGNS = { open: "○", running: "◐", done: "●", completed: "●", failed: "✕", cancelled: "–" };
const SAID = { open: "not begun", running: "in progress", done: "done", completed: "done" };

export function planView(item) {
  const title = el("h2", { dir: "auto" });
  const steps = el("ol");
  const node = el("article", { class: "plan", "aria-label": "Plan" }, title, steps);

  function update() {
    const over = item.steps.filter(({ state }) => state !== "open" && state !== "running").length;
    setText(title, `${item.title || "Plan"} (${over} of ${item.steps.length})`);
    steps.replaceChildren(
      ...item.steps.map(({ title: text, state }) =>
        el(
          "li",
          { "data-state": state, dir: "auto" },
          el("span", { class: "sign", role: "img", "aria-label": SAID[state] ?? state }, SIGNS[state] ?? "●"),
          text,
        ),
      ),
    );
  }
  update();
  return { node, update };
}
