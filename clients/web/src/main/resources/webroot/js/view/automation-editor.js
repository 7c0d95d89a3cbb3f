// The dialog that makes or changes an automation. Nothing is saved before it was shown what it waits for.
import { el, setText } from "../lib/dom.js";
import { changeAutomation, createAutomation, listAutomations, listSessions, previewTrigger, proposeAutomation } from "../net/automations-api.js";
import { CheckFields } from "./check-fields.js";
import { Fields } from "./fields.js";
import { AGENT, endsOf, LATE, LIMITS, PERMISSIONS, RESULT, taskOf } from "./run-fields.js";
import { isTimed, shownTrigger, TRIGGER, triggerOf } from "./trigger-fields.js";

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const TIMES = 5;
const NAME = { id: "name", path: "name", label: "Name", required: true, maxlength: 200 };
const PROMPT = { id: "prompt", path: "task.prompt", label: "Prompt for the agent", type: "lines", required: true };
const NEW = { name: "", task: { prompt: "" }, trigger: { kind: "cron", expression: "0 9 * * 1-5", zone: HERE } };
const BUDGETS = ["budgetPerRun", "budgetPerDay"];

export class AutomationEditor {
  #dialog = document.getElementById("editor");
  #title = el("h2", { id: "editor-title" });
  #words = el("input", { id: "words", autocomplete: "off", placeholder: "every weekday at 9 check the flaky tests" });
  #propose = el("button", { type: "button", id: "propose", onclick: () => this.#try(() => this.#ask()) }, "Propose");
  #fields = new Fields("edit", [NAME, PROMPT, ...TRIGGER, ...RESULT, ...LATE, ...LIMITS, ...PERMISSIONS, ...AGENT]);
  #checks = new CheckFields();
  #times = el("ol", { id: "edit-times" });
  #problem = el("p", { class: "problem", role: "alert" });
  #save = el("button", { class: "primary", id: "save" });
  #more;
  #automation = null;
  #shown = "";
  #onSaved;

  /** Calls `onSaved(automation)` after each save. */
  constructor(onSaved) {
    this.#onSaved = onSaved;
    const nodes = (declared) => this.#fields.nodes(declared.map(({ id }) => id));
    const group = (legend, declared) => el("fieldset", {}, el("legend", {}, legend), ...nodes(declared));
    this.#more = el("details", { id: "more" }, el("summary", {}, "More settings"),
      this.#checks.node, group("Time", LATE), group("Limits", LIMITS), group("Permissions", PERMISSIONS), group("Agent", AGENT));
    const form = el("form", { class: "editor", novalidate: true, onsubmit: (event) => this.#submit(event), oninput: () => this.#changed() },
      el("div", { class: "row" }, el("label", {}, "In your own words", this.#words), this.#propose),
      ...nodes([NAME, PROMPT, ...TRIGGER, ...RESULT]),
      this.#more,
      el("div", { role: "status" }, this.#times),
      this.#problem,
      el("div", { class: "buttons" }, this.#save, el("button", { type: "button", id: "cancel", onclick: () => this.#dialog.close() }, "Cancel")));
    this.#dialog.replaceChildren(this.#title, form);
  }

  /** For a new automation where none is given. */
  async open(automation = null) {
    const [sessions, automations] = await Promise.all([listSessions(), listAutomations()]);
    const ours = sessions.map(({ id, name }) => [id, name || id]);
    this.#fields.offer("session", [["", "a new session each"], ...ours]);
    this.#fields.offer("from-session", ours);
    this.#fields.offer("file-session", ours);
    this.#fields.offer("automation",
      automations.filter(({ automationId }) => automationId !== automation?.automationId).map(({ automationId, name }) => [automationId, name]));
    this.#automation = automation;
    setText(this.#title, automation === null ? "New automation" : `Change ${automation.name}`);
    this.#words.value = "";
    this.#more.open = false;
    // What was shown before was of another moment.
    this.#shown = "";
    this.#times.replaceChildren();
    this.#fill(automation ?? NEW);
    this.#dialog.showModal();
  }

  #fill({ name, task, trigger, policy }) {
    this.#fields.fill({ name, task, policy, ends: endsOf(task), trigger: shownTrigger({ zone: HERE, ...trigger }) });
    this.#checks.fill(task.checks);
    this.#changed();
  }

  get #trigger() {
    return triggerOf(this.#fields.read());
  }

  #changed() {
    setText(this.#problem, "");
    this.#fields.refresh();
    this.#checks.refresh();
    if (JSON.stringify(this.#trigger) !== this.#shown) {
      this.#shown = "";
      this.#times.replaceChildren();
    }
    const look = isTimed(this.#fields.get("kind")) ? "Show the next times" : "Show when it runs";
    setText(this.#save, this.#shown === "" ? look : "Save");
  }

  async #ask() {
    setText(this.#problem, "The model reads it …");
    const { proposal, ...preview } = await proposeAutomation(this.#words.value, this.#fields.get("zone") ?? HERE);
    this.#fill(proposal);
    this.#show(preview);
  }

  #submit(event) {
    event.preventDefault();
    if (this.#fields.check() && this.#checks.check()) {
      this.#try(() => (this.#shown === "" ? this.#preview() : this.#store()));
    }
  }

  async #preview() {
    this.#show(await previewTrigger(this.#trigger, TIMES));
  }

  #show({ description, times }) {
    this.#shown = JSON.stringify(this.#trigger);
    this.#times.replaceChildren(el("li", {}, `Due ${description}${times.length > 0 ? ":" : "."}`),
      ...times.map((time) => el("li", {}, el("time", {}, time))));
    this.#changed();
  }

  async #store() {
    const { name, policy, ...rest } = this.#fields.read();
    const before = this.#automation;
    const kept = BUDGETS.find((budget) => before?.policy[budget] && policy[budget] === undefined);
    if (kept !== undefined) {
      this.#fields.accuse(kept, "A budget cannot be taken away. Write a higher one.");
      return;
    }
    const body = { name, policy, trigger: triggerOf(rest), task: taskOf(rest, this.#checks.read()) };
    const saved = before === null ? await createAutomation(body) : await changeAutomation(before.automationId, body);
    this.#dialog.close();
    this.#onSaved(saved, before === null);
  }

  async #try(work) {
    try {
      setText(this.#problem, "");
      await work();
    } catch (problem) {
      if (!this.#fields.blame(problem.message)) {
        setText(this.#problem, problem.message);
      }
    }
  }
}
