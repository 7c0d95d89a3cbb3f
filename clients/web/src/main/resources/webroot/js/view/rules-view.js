// The rules of an inbox: what becomes of items as they come, and what each rule decided.
import { el, setText } from "../lib/dom.js";
import { ago } from "../lib/format.js";
import { addRule, changeRule, listAutomations, listDecisions, listRules, removeRule } from "../net/automations-api.js";
import { Fields } from "./fields.js";

const does = (action) => (get) => get("action") === action;
const SEVERITIES = ["info", "warning", "error"].map((one) => [one, one]);
const ACTIONS = { close: "close it", merge: "merge it into the newest like it", rate: "rate it", snooze: "snooze it", agent: "have an agent decide" };
const WHEN = [
  { id: "kinds", path: "when.kinds", label: "Kinds", type: "choices", hint: "None: all.", choices: ["result", "question", "failure", "notice"].map((one) => [one, one]) },
  { id: "severities", path: "when.severities", label: "Severities", type: "choices", hint: "None: all.", choices: SEVERITIES },
  { id: "of", path: "when.automationId", label: "Of the automation", type: "choice" },
  { id: "words", path: "when.words", label: "Words", type: "list", hint: "One of them is in the title or the text. With commas. Empty: any." },
];
const THEN = [
  { id: "action", path: "then.action", label: "What is done", type: "choice", choices: Object.entries(ACTIONS) },
  { id: "severity", path: "then.severity", label: "It is now", type: "choice", choices: SEVERITIES, shown: does("rate") },
  { id: "snooze", path: "then.snooze", label: "For", shown: does("snooze"), required: true, pattern: "P.+", like: "PT4H or P1D", hint: "A duration: PT4H or P1D." },
  { id: "agent", path: "then.automationId", label: "The automation whose run decides", type: "choice", shown: does("agent"), required: true },
];
const NAME = { id: "name", path: "name", label: "Name", required: true, maxlength: 200 };

export class RulesView {
  #list = document.getElementById("rules");
  #dialog = document.getElementById("rule");
  #title = el("h2", { id: "rule-title" });
  #fields = new Fields("rule", [NAME, ...WHEN, ...THEN]);
  #problem = el("p", { class: "problem", role: "alert" });
  #act;
  #rule = null;
  #rules = [];
  #names = new Map();

  /** `act(work)` does what a person asked for, and draws the page again. */
  constructor(act) {
    this.#act = act;
    const group = (legend, declared) => el("fieldset", {}, el("legend", {}, legend), ...this.#fields.nodes(declared.map(({ id }) => id)));
    this.#dialog.append(this.#title,
      el("form", { class: "editor", novalidate: true, onsubmit: (event) => this.#submit(event), oninput: () => this.#fields.refresh() },
        ...this.#fields.nodes(["name"]), group("Which items", WHEN), group("What becomes of them", THEN), this.#problem,
        el("div", { class: "buttons" }, el("button", { class: "primary", id: "save-rule" }, "Save"),
          el("button", { type: "button", onclick: () => this.#dialog.close() }, "Cancel"))));
    document.getElementById("new-rule").addEventListener("click", () => this.#open(null));
  }

  async draw() {
    const [rules, automations] = await Promise.all([listRules(), listAutomations()]);
    this.#names = new Map(automations.map(({ automationId, name }) => [automationId, name]));
    // What somebody has opened stays open, as long as the rules are the same.
    if (JSON.stringify(rules) !== JSON.stringify(this.#rules) || rules.length === 0) {
      this.#rules = rules;
      this.#list.replaceChildren(...rules.map((rule) => this.#view(rule)));
      if (rules.length === 0) {
        this.#list.append(el("li", { class: "empty" }, "There is no rule yet."));
      }
    }
  }

  #view(rule) {
    const { ruleId, name, isOn } = rule;
    const button = (text, work, className) =>
      el("button", { type: "button", class: className, "aria-label": `${text}: rule ${name}`, onclick: work }, text);
    return el("li", { "data-rule": ruleId },
      el("p", { class: "row" },
        el("span", { class: "name" }, name),
        el("span", { class: `state ${isOn ? "" : "warn"}` }, isOn ? "on" : "off"),
        el("span", { class: "about" }, this.#sentence(rule))),
      el("div", { class: "buttons" },
        button(isOn ? "Off" : "On", () => this.#act(() => changeRule(ruleId, { isOn: !isOn }))),
        button("Edit", () => this.#open(rule)),
        button("Delete", () => window.confirm(`Delete the rule ${name}? What it did stays.`) && this.#act(() => removeRule(ruleId)), "danger")),
      this.#decisions(rule));
  }

  #sentence({ when, then }) {
    const named = (id) => this.#names.get(id) ?? "an automation that is gone";
    const parts = [when?.severities?.join(" or "), when?.kinds?.join(" or ") ?? "item", when?.automationId && `of ${named(when.automationId)}`,
      when?.words && `with ${when.words.join(" or ")}`];
    const detail = { rate: ` ${then.severity}`, snooze: ` for ${then.snooze}`, agent: `: ${named(then.automationId)}` }[then.action] ?? "";
    return `Each ${parts.filter(Boolean).join(" ")}: ${ACTIONS[then.action]}${detail}.`;
  }

  /** What a rule and its agent did; asked for when it is opened. */
  #decisions({ ruleId, name }) {
    const list = el("ol", { class: "history" });
    return el("details", {
      ontoggle: async ({ target }) => {
        if (target.open) {
          const decisions = await listDecisions(ruleId);
          list.replaceChildren(...decisions.map(({ title, change }) =>
            el("li", {}, `${ago(change.at)}: ${change.action}: ${title} ${change.note}${change.isUndone ? " (taken back)" : ""}`)));
          if (decisions.length === 0) {
            list.replaceChildren(el("li", { class: "empty" }, "It has decided nothing yet."));
          }
        }
      },
    }, el("summary", { "aria-label": `Decisions of the rule ${name}` }, "Decisions"), list);
  }

  #open(rule) {
    const automations = [...this.#names];
    this.#fields.offer("of", [["", "any automation"], ...automations]);
    this.#fields.offer("agent", automations);
    this.#rule = rule;
    setText(this.#title, rule === null ? "New rule" : `Change the rule ${rule.name}`);
    setText(this.#problem, "");
    this.#fields.fill(rule ?? { then: { action: "close" } });
    this.#dialog.showModal();
  }

  async #submit(event) {
    event.preventDefault();
    if (!this.#fields.check()) {
      return;
    }
    const { name, when = {}, then } = this.#fields.read();
    try {
      await (this.#rule === null ? addRule({ name, when, then }) : changeRule(this.#rule.ruleId, { name, when, then }));
    } catch (problem) {
      if (!this.#fields.blame(problem.message)) {
        setText(this.#problem, problem.message);
      }
      return;
    }
    this.#dialog.close();
    this.#act(() => {});
  }
}
