// The fields of a form as one object, each with its label, a hint, and what is wrong with it.
import { el, setText, show } from "../lib/dom.js";

/** What is written into a field, and what is read from it; undefined for nothing. */
const text = (node) => ({ node, read: () => node.value.trim() || undefined, write: (value) => (node.value = value ?? "") });

const LOCAL_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?$/;

const CONTROLS = {
  text: (attributes) => text(el("input", { autocomplete: "off", ...attributes })),
  lines: (attributes) => text(el("textarea", attributes)),
  number: (attributes) => {
    const { node, read, write } = text(el("input", { type: "number", step: "any", ...attributes }));
    return { node, read: () => (read() === undefined ? undefined : Number(read())), write };
  },
  list: (attributes) => {
    const { node, write } = text(el("input", { autocomplete: "off", ...attributes }));
    const read = () => node.value.split(",").map((one) => one.trim()).filter(Boolean);
    return { node, read: () => (read().length === 0 ? undefined : read()), write: (value) => write(value?.join(", ")) };
  },
  time: (attributes) => {
    const { node, read, write } = text(el("input", attributes));
    // A browser's own field has no offset.
    const fill = (value) => {
      node.type = !value || LOCAL_TIME.test(value) ? "datetime-local" : "text";
      write(value);
    };
    return { node, read, write: fill };
  },
  choice: (attributes, choices) => {
    const { node, read, write } = text(el("select", attributes));
    const offer = (offered) => node.replaceChildren(...offered.map(option));
    offer(choices ?? []);
    // What is chosen stays a choice, also where it is not offered any more.
    const choose = (value) => {
      if (value && ![...node.options].some((one) => one.value === value)) {
        node.append(option([value, value]));
      }
      write(value ?? node.options[0]?.value);
    };
    return { node, read, write: choose, offer };
  },
  choices: (attributes, choices) => {
    const boxes = choices.map(([value, name]) => [el("input", { type: "checkbox", value }), name]);
    const node = el("fieldset", attributes, ...boxes.map(([box, name]) => el("label", { class: "check" }, box, name)));
    const read = () => boxes.filter(([box]) => box.checked).map(([box]) => box.value);
    const write = (values) => boxes.forEach(([box]) => (box.checked = values?.includes(box.value) ?? false));
    return { node, read: () => (read().length === 0 ? undefined : read()), write };
  },
};

/** `[value, text]`, or `[group, choices]`. */
function option([value, name]) {
  return Array.isArray(name) ? el("optgroup", { label: value }, ...name.map(option)) : el("option", { value }, name);
}

const at = (object, path) => path.split(".").reduce((one, key) => one?.[key], object);

function put(object, path, value) {
  const keys = path.split(".");
  const last = keys.pop();
  keys.reduce((one, key) => (one[key] ??= {}), object)[last] = value;
}

/**
 * A field is `{ id, path, label, type, hint, choices, shown, like }` and attributes of its control. `path` is its place
 * in the object, by which errors of the server name it too. `type` is text, lines, number, list, time, choice or choices;
 * `shown(get)` says whether it counts, where `get(id)` is what another field says; `like` is an example for a pattern.
 */
export class Fields {
  #prefix;
  #all = [];

  constructor(prefix, declarations) {
    this.#prefix = prefix;
    this.#all = declarations.map((one) => this.#make(one));
  }

  #make({ id, path, label, type = "text", hint, choices, shown = () => true, like, ...attributes }) {
    const name = `${this.#prefix}-${id}`;
    const described = [hint && `${name}-hint`, `${name}-fault`].filter(Boolean).join(" ");
    const control = CONTROLS[type]({ id: name, "aria-describedby": described, ...attributes }, choices);
    const fault = el("p", { class: "problem", id: `${name}-fault` });
    const about = [hint && el("p", { class: "hint", id: `${name}-hint` }, hint), fault];
    if (type === "choices") {
      control.node.prepend(el("legend", {}, label));
    }
    const node = el("div", { class: "field" }, type !== "choices" && el("label", { for: name }, label), control.node, ...about);
    return { id, path, control, shown, like, fault, node };
  }

  /** The elements of those with these ids. */
  nodes(ids) {
    return ids.map((id) => this.#find(id).node);
  }

  #find(id) {
    return this.#all.find((one) => one.id === id);
  }

  get(id) {
    return this.#find(id).control.read();
  }

  set(id, value) {
    this.#find(id).control.write(value);
  }

  /** What a choice offers, which is known later than the field. */
  offer(id, choices) {
    this.#find(id).control.offer(choices);
  }

  /** Of fields with the same path only the one that counts is filled. */
  fill(object) {
    for (const one of this.#all) {
      const isAlone = this.#all.every((other) => other === one || other.path !== one.path);
      one.control.write(isAlone || this.#shown().includes(one) ? at(object, one.path) : undefined);
    }
    this.refresh();
  }

  /** What those say that count. */
  read() {
    const object = {};
    for (const { path, control } of this.#shown()) {
      if (control.read() !== undefined) {
        put(object, path, control.read());
      }
    }
    return object;
  }

  #shown() {
    const get = (id) => this.get(id);
    return this.#all.filter(({ shown }) => shown(get));
  }

  /** After a change: what counts is shown, and nothing is wrong for now. */
  refresh() {
    const shown = this.#shown();
    for (const one of this.#all) {
      show(one.node, shown.includes(one));
      this.#say(one, "");
    }
  }

  #say({ control, fault }, message) {
    setText(fault, message);
    control.node.setAttribute("aria-invalid", message !== "");
  }

  /** Whether all are filled in as they should be; the first that is not says so, and gets the focus. */
  check() {
    const wrong = this.#shown().find(({ control }) => !control.node.checkValidity());
    if (wrong !== undefined) {
      const { validity, validationMessage } = wrong.control.node;
      this.#accuse(wrong, validity.patternMismatch ? `Write it like ${wrong.like}.` : validationMessage);
    }
    return wrong === undefined;
  }

  /** Puts an error of the server beside the field that it names; whether it names one. */
  blame(message) {
    const named = message.includes("There is no zone") ? "trigger.zone" : (/'([A-Za-z.0-9]+)'/.exec(message)?.[1] ?? "");
    const shown = this.#shown();
    const wrong = shown.find(({ path }) => path === named)
      ?? shown.find(({ path, id }) => path.startsWith(`${named}.`) && id !== "kind");
    if (wrong !== undefined && named !== "") {
      this.#accuse(wrong, message);
    }
    return wrong !== undefined && named !== "";
  }

  /** What is wrong with one of them; it gets the focus. */
  accuse(id, message) {
    this.#accuse(this.#find(id), message);
  }

  #accuse(field, message) {
    this.#say(field, message);
    field.node.closest("details")?.setAttribute("open", "");
    const target = field.control.node;
    (target.matches("fieldset") ? target.querySelector("input") : target).focus();
  }
}
