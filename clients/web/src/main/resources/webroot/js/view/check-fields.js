// The checks that the platform makes after a run: each has fields of its own, and any number of them is there.
import { el } from "../lib/dom.js";
import { Fields } from "./fields.js";

const MOST = 20;
const of = (...kinds) => (get) => kinds.includes(get("kind"));
const KINDS = [
  ["file", "a file is there"],
  ["text", "a file contains a text"],
  ["json", "a file is JSON and has a field"],
  ["schema", "a file matches a JSON Schema"],
  ["command", "a command ends with 0"],
  ["tests", "the project's tests pass"],
  ["review", "another agent says that it holds"],
];
const CHECK = [
  { id: "kind", path: "kind", label: "It holds when", type: "choice", choices: KINDS },
  { id: "path", path: "path", label: "File", shown: of("file", "text", "json", "schema"), required: true, hint: "Its path in the workspace." },
  { id: "text", path: "expected", label: "Text", shown: of("text"), required: true },
  { id: "field", path: "expected", label: "Field", shown: of("json"), required: true },
  { id: "schema", path: "expected", label: "JSON Schema", type: "lines", shown: of("schema"), required: true },
  { id: "judged", path: "expected", label: "What has to hold", type: "lines", shown: of("review"), required: true },
  { id: "command", path: "command", label: "Command", shown: of("command"), required: true, hint: "For the shell, on a copy of the files." },
  { id: "tests", path: "command", label: "Command that starts them", shown: of("tests"), hint: "Empty: what the project itself has." },
  { id: "seconds", path: "timeoutSeconds", label: "Seconds after which it is stopped", type: "number", min: 1, max: 1800, step: 1, placeholder: 600,
    shown: of("command", "tests") },
  { id: "agent", path: "agentType", label: "Agent of the review", shown: of("review"), hint: "Empty: that of the task." },
  { id: "model", path: "model", label: "Model of the review", shown: of("review"), hint: "Empty: that of the task." },
];

export class CheckFields {
  node = el("fieldset", { id: "checks" });
  #list = el("div", { id: "check-list" });
  #add = el("button", { type: "button", id: "add-check", onclick: () => this.#open({ kind: "file" }).node.querySelector("select").focus() }, "Add a check");
  #checks = [];
  #number = 0;

  constructor() {
    this.node.append(el("legend", {}, "Checks"), el("p", { class: "hint" }, "The platform makes them when the agent has ended, on a copy of its files."),
      this.#list, this.#add);
  }

  fill(checks) {
    this.#checks = [];
    this.#list.replaceChildren();
    (checks ?? []).forEach((check) => this.#open(check));
    this.refresh();
  }

  #open(check) {
    // A number that was there is not used again: the labels of two would be the same.
    this.#number += 1;
    const fields = new Fields(`check-${this.#number}`, CHECK);
    const remove = el("button", { type: "button", class: "danger", onclick: () => this.#remove(made) }, "Remove");
    const made = { fields, node: el("fieldset", {}, el("legend", {}, "Check"), ...fields.nodes(CHECK.map(({ id }) => id)), remove) };
    fields.fill(check);
    this.#checks.push(made);
    this.#list.append(made.node);
    this.refresh();
    return made;
  }

  #remove(check) {
    this.#checks = this.#checks.filter((one) => one !== check);
    check.node.remove();
    this.refresh();
    this.#add.focus();
  }

  /** The checks; undefined where there is none. */
  read() {
    return this.#checks.length === 0 ? undefined : this.#checks.map(({ fields }) => fields.read());
  }

  refresh() {
    this.#checks.forEach(({ fields, node }, index) => {
      fields.refresh();
      node.querySelector("legend").textContent = `Check ${index + 1}`;
      node.querySelector("button").setAttribute("aria-label", `Remove check ${index + 1}`);
    });
    this.#add.disabled = this.#checks.length >= MOST;
  }

  /** Whether all are filled in as they should be; the first that is not says so, and gets the focus. */
  check() {
    return this.#checks.every(({ fields }) => fields.check());
  }
}
