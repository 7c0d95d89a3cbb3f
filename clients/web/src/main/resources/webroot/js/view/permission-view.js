// The question whether a tool may do what it wants to.
import { el, show } from "../lib/dom.js";

export function permissionView(item, actions) {
  const { questionId, reason } = item.request;
  const said = el("p", { class: "outcome" });
  const buttons = el(
    "div",
    { class: "buttons" },
    button("Allow", "primary", { approved: true, remember: "once" }),
    button("Allow for session", "", { approved: true, remember: "session" }),
    button("Deny", "danger", { approved: false }),
  );
  const ask = el("p", { class: "ask" }, el("strong", {}, `Allow ${item.toolName}?`), " ", reason ?? "");
  const node = el("div", { class: "permission", role: "group", tabindex: "-1", "aria-label": `Permission for ${item.toolName}` }, ask, buttons, said);

  function button(label, look, answer) {
    return el("button", { type: "button", class: look, onclick: () => give(answer) }, label);
  }

  async function give(answer) {
    const hadFocus = node.contains(document.activeElement);
    enable(false);
    if (hadFocus) {
      // The buttons go away: whoever uses the keyboard stays at this place.
      node.focus();
    }
    if (!(await actions.answer(questionId, answer))) {
      enable(true);
    }
  }

  function enable(enabled) {
    for (const one of buttons.children) {
      one.disabled = !enabled;
    }
  }

  function update() {
    const { outcome } = item.request;
    show(ask, outcome === null);
    show(buttons, outcome === null);
    show(said, outcome !== null);
    node.dataset.outcome = outcome === null ? "open" : outcome.approved ? "allowed" : "denied";
    said.textContent = outcome === null ? "" : outcomeText(outcome);
  }
  update();
  return { node, update, questionId };
}

function outcomeText({ approved, remember, over }) {
  if (over) {
    return "Not answered: the turn ended";
  }
  if (!approved) {
    return "You denied this";
  }
  return remember === "session" ? "You allowed this for the session" : "You allowed this once";
}
