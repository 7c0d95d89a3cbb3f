// Questions of the agent as a form.
import { el, show } from "../lib/dom.js";
import { optionOf } from "../model/options.js";

export function questionView(item, actions) {
  const { questionId } = item.request;
  const fields = el("fieldset", {}, ...item.questions.map((question) => fieldOf(question, questionId)));
  const form = el(
    "form",
    { onsubmit: answer },
    fields,
    el(
      "div",
      { class: "buttons" },
      el("button", { class: "primary", type: "submit" }, "Answer"),
      el("button", { type: "button", onclick: dismiss }, "Dismiss"),
    ),
  );
  const said = el("dl", { class: "answers" });
  const node = el("article", { class: "question", tabindex: "-1", "aria-label": "Question from the agent" }, form, said);

  function answer(event) {
    event.preventDefault();
    const data = new FormData(form);
    give({ answers: Object.fromEntries(item.questions.map(({ key }) => [key, String(data.get(key) ?? "")])) });
  }

  function dismiss() {
    give({ dismissed: true });
  }

  async function give(message) {
    const sending = actions.answer(questionId, message);
    const hadFocus = node.contains(document.activeElement);
    enable(false);
    if (hadFocus) {
      node.focus();
    }
    if (!(await sending)) {
      enable(true);
    }
  }

  function enable(enabled) {
    for (const control of form.elements) {
      control.disabled = !enabled;
    }
  }

  function update() {
    const { outcome } = item.request;
    node.dataset.open = String(outcome === null);
    show(form, outcome === null);
    show(said, outcome !== null);
    if (outcome !== null) {
      said.replaceChildren(...item.questions.flatMap((question) => answered(question, outcome)));
    }
  }
  update();
  return { node, update };
}

function fieldOf({ key, prompt, kind, options = [] }, questionId) {
  if (kind === "choice" && options.length > 0) {
    return el(
      "div",
      { class: "choices", role: "radiogroup", "aria-label": prompt },
      el("p", { class: "prompt", dir: "auto" }, prompt),
      ...options.map(optionOf).map(({ value, label }, index) =>
        el("label", {}, el("input", { type: "radio", name: key, value, required: true, checked: index === 0 }), label),
      ),
    );
  }
  const id = `${questionId}-${key}`;
  return el(
    "div",
    {},
    el("label", { class: "prompt", dir: "auto", for: id }, prompt),
    el("input", { id, name: key, type: kind === "secret" ? "password" : "text", autocomplete: "off", required: true }),
  );
}

function answered({ key, prompt, kind }, { answers, dismissed, over }) {
  const text = over
    ? "Not answered: the turn ended"
    : dismissed
      ? "You dismissed this"
      : kind === "secret"
        ? "••••••"
        : String(answers?.[key] ?? "");
  return [el("dt", {}, prompt), el("dd", {}, text)];
}
