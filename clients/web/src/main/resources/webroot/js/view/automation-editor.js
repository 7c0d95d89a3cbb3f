// The dialog that makes or changes an automation. Nothing is saved before its next times were shown.
import { el, setText, show } from "../lib/dom.js";
import { changeAutomation, createAutomation, previewTrigger, proposeAutomation } from "../net/automations-api.js";

const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const TIMES = 5;
const KINDS = [
  ["cron", "cron: minute hour day month weekday", "0 9 * * 1-5"],
  ["interval", "interval: a duration", "PT2H"],
  ["once", "once: a time", "2026-12-01T09:00"],
  ["rrule", "rule of RFC 5545", ""],
  ["manual", "by hand only", ""],
  ["webhook", "webhook", ""],
];
const WITHOUT_EXPRESSION = new Set(["manual", "webhook", "inbox", "chat", "github"]);

export class AutomationEditor {
  #dialog = document.getElementById("editor");
  #title = el("h2", { id: "editor-title" });
  #words = el("input", { id: "words", autocomplete: "off", placeholder: "every weekday at 9 check the flaky tests" });
  #propose = el("button", { type: "button", id: "propose", onclick: () => this.#try(() => this.#ask()) }, "Propose");
  #name = el("input", { id: "edit-name", required: true, maxlength: 200, autocomplete: "off" });
  #prompt = el("textarea", { id: "edit-prompt", required: true });
  #kind = el("select", { id: "edit-kind" });
  #expression = el("input", { id: "edit-expression", autocomplete: "off" });
  #zone = el("input", { id: "edit-zone", autocomplete: "off" });
  #times = el("ol", { id: "edit-times" });
  #problem = el("p", { class: "problem", role: "alert" });
  #save = el("button", { class: "primary", id: "save" }, "Show the next times");
  #automation = null;
  #shown = "";
  onSaved = () => {};

  constructor() {
    const field = (label, input) => el("label", {}, label, input);
    const form = el("form", { class: "editor", onsubmit: (event) => this.#submit(event), oninput: () => this.#changed() },
      el("div", { class: "row" }, field("In your own words", this.#words), this.#propose),
      field("Name", this.#name),
      field("What the agent is told", this.#prompt),
      field("When", this.#kind),
      field("Expression", this.#expression),
      field("Zone", this.#zone),
      this.#times,
      this.#problem,
      el("div", { class: "buttons" }, this.#save, el("button", { type: "button", id: "cancel", onclick: () => this.#dialog.close() }, "Cancel")));
    this.#dialog.append(this.#title, form);
  }

  /** For a new automation where none is given. */
  open(automation = null) {
    this.#automation = automation;
    setText(this.#title, automation === null ? "New automation" : `Change ${automation.name}`);
    this.#words.value = "";
    this.#fill(automation ?? { name: "", task: { prompt: "" }, trigger: { kind: "cron", expression: "0 9 * * 1-5", zone: HERE } });
    this.#dialog.showModal();
  }

  #fill({ name, task, trigger }) {
    const kinds = KINDS.some(([kind]) => kind === trigger.kind) ? KINDS : [...KINDS, [trigger.kind, trigger.kind]];
    this.#kind.replaceChildren(...kinds.map(([value, text]) => el("option", { value }, text)));
    this.#name.value = name;
    this.#prompt.value = task.prompt;
    this.#kind.value = trigger.kind;
    this.#expression.value = trigger.expression ?? "";
    this.#zone.value = trigger.zone ?? HERE;
    this.#changed();
  }

  get #trigger() {
    const kind = this.#kind.value;
    const kept = this.#automation?.trigger.kind === kind ? this.#automation.trigger : {};
    return { ...kept, kind, zone: this.#zone.value.trim(), ...(WITHOUT_EXPRESSION.has(kind) ? {} : { expression: this.#expression.value.trim() }) };
  }

  #changed() {
    setText(this.#problem, "");
    show(this.#expression.parentElement, !WITHOUT_EXPRESSION.has(this.#kind.value));
    if (JSON.stringify(this.#trigger) !== this.#shown) {
      this.#shown = "";
      this.#times.replaceChildren();
    }
    setText(this.#save, this.#shown === "" ? "Show the next times" : "Save");
  }

  async #ask() {
    setText(this.#problem, "The model reads it …");
    const { proposal, ...preview } = await proposeAutomation(this.#words.value, this.#zone.value.trim());
    this.#fill(proposal);
    this.#show(preview);
  }

  #submit(event) {
    event.preventDefault();
    this.#try(() => (this.#shown === "" ? this.#preview() : this.#store()));
  }

  async #preview() {
    this.#show(await previewTrigger(this.#trigger, TIMES));
  }

  #show({ description, times }) {
    this.#shown = JSON.stringify(this.#trigger);
    this.#times.replaceChildren(el("li", {}, `Due ${description}:`), ...times.map((time) => el("li", {}, el("time", {}, time))));
    this.#changed();
  }

  async #store() {
    const body = { name: this.#name.value.trim(), trigger: this.#trigger };
    if (this.#automation === null) {
      await createAutomation({ ...body, task: { prompt: this.#prompt.value } });
    } else {
      await changeAutomation(this.#automation.automationId, { ...body, task: { ...this.#automation.task, prompt: this.#prompt.value } });
    }
    this.#dialog.close();
    this.onSaved();
  }

  async #try(work) {
    try {
      setText(this.#problem, "");
      await work();
    } catch (problem) {
      setText(this.#problem, problem.message);
    }
  }
}
