// A turn that failed: what happened, what to do, and a way to try again.
import { el } from "../lib/dom.js";
import { adviceFor } from "../model/advice.js";

export function errorView(item, actions) {
  const again =
    item.text === null
      ? null
      : el("button", { type: "button", onclick: () => actions.send(item.text) }, "Send the message again");
  return {
    node: el(
      "article",
      { class: "turn-error", role: "group", "aria-label": "The turn failed" },
      el("h3", {}, "The turn failed"),
      el("p", { class: "what" }, item.message),
      el("p", { class: "advice" }, adviceFor(item.code, item.retryable)),
      el("div", { class: "buttons" }, again, el("code", { class: "error-code" }, item.code)),
    ),
    update() {},
  };
}
