// A turn that failed: what happened, what to do, and a way to try again.
import { el } from "../lib/dom.js";
import { toldOf } from "../model/advice.js";
import { changesButton } from "./changes-button.js";

/** Log lines are for those who ask for them. */
function detailsOf({ details }) {
  return details === null
    ? null
    : el("details", { class: "error-details" }, el("summary", {}, "The end of the agent's log"), el("pre", {}, details));
}

export function errorView(item, actions) {
  const { what, advice } = toldOf(item);
  const again =
    item.text === null
      ? null
      : el("button", { type: "button", onclick: () => actions.send(item.text) }, "Send the message again");
  return {
    node: el(
      "div",
      { class: "turn-error", role: "group", "aria-label": "The turn failed" },
      el("h2", {}, "The turn failed"),
      el("p", { class: "what", dir: "auto" }, what),
      detailsOf(item),
      advice === null ? null : el("p", { class: "advice" }, advice),
      el("div", { class: "buttons" }, again, changesButton(item, actions), el("code", { class: "error-code" }, item.code)),
    ),
    update() {},
  };
}
