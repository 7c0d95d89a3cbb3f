// The API keys of whoever is signed in: a list, a form for a new one, and its secret, once.
import { el, setText, show } from "../lib/dom.js";
import { ago } from "../lib/format.js";
import { createKey, listKeys, revokeKey } from "../net/keys-api.js";

const ROLES = ["viewer", "developer", "admin", "owner"];
const DAY_MS = 86_400_000;
const TIMES = [
  ["30", "30 days"],
  ["90", "90 days"],
  ["365", "1 year"],
  ["", "No end"],
];

export class KeysView {
  #dialog = document.getElementById("keys");
  #list = el("ul", { class: "key-list", id: "key-list" });
  #name = el("input", { id: "key-name", maxlength: 100, required: true, autocomplete: "off", placeholder: "Name, for example ci" });
  #role = el("select", { id: "key-role", "aria-label": "Role" });
  #time = el("select", { id: "key-time", "aria-label": "Valid for" }, ...TIMES.map(([value, text]) => el("option", { value }, text)));
  #secret = el("input", { id: "key-secret", readonly: true, "aria-label": "The new key" });
  #created = el("div", { class: "key-created", id: "key-created", hidden: true });
  #problem = el("p", { class: "key-problem", role: "alert" });

  constructor() {
    const form = el(
      "form",
      { class: "key-form", onsubmit: (event) => this.#create(event) },
      this.#name,
      this.#role,
      this.#time,
      el("button", { type: "submit", id: "create-key" }, "Create key"),
    );
    this.#created.append(
      el("p", {}, "Copy this key now. It is not shown again."),
      this.#secret,
      el("button", { type: "button", onclick: () => navigator.clipboard?.writeText(this.#secret.value) }, "Copy"),
    );
    this.#dialog.append(
      el("h2", {}, "API keys"),
      el("p", { class: "hint" }, "A program with a key acts for you. It may never do more than you may."),
      this.#created,
      this.#list,
      form,
      this.#problem,
      el("button", { class: "link", type: "button", id: "close-keys", onclick: () => this.#dialog.close() }, "Close"),
    );
    this.#dialog.addEventListener("close", () => this.#forget());
  }

  open(identity) {
    const most = ROLES.indexOf(identity.role);
    this.#role.replaceChildren(...ROLES.slice(0, most + 1).map((role) => el("option", { value: role }, role)));
    this.#forget();
    this.#dialog.showModal();
    this.#try(() => this.#load());
  }

  #forget() {
    this.#secret.value = "";
    show(this.#created, false);
    setText(this.#problem, "");
  }

  async #load() {
    const keys = await listKeys();
    this.#list.replaceChildren(...keys.map((key) => this.#row(key)));
    if (keys.length === 0) {
      this.#list.append(el("li", { class: "empty" }, "No keys yet."));
    }
  }

  #row(key) {
    const onclick = () =>
      this.#try(async () => {
        await revokeKey(key.keyId);
        await this.#load();
      });
    return el(
      "li",
      {},
      el("span", { class: "name" }, key.name),
      el("span", { class: "about" }, aboutOf(key)),
      el("button", { class: "link", type: "button", "aria-label": `Revoke ${key.name}`, onclick }, "Revoke"),
    );
  }

  #create(event) {
    event.preventDefault();
    const days = Number(this.#time.value);
    this.#try(async () => {
      const { secret } = await createKey({
        name: this.#name.value.trim(),
        role: this.#role.value,
        expiresAt: days > 0 ? Date.now() + days * DAY_MS : null,
      });
      this.#secret.value = secret;
      show(this.#created, true);
      this.#name.value = "";
      await this.#load();
    });
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

function aboutOf({ role, expiresAt, lastUsedAt }) {
  const end = expiresAt ? `until ${new Date(expiresAt).toLocaleDateString()}` : "no end";
  return `${role} · ${end} · ${lastUsedAt ? `used ${ago(lastUsedAt)}` : "never used"}`;
}
