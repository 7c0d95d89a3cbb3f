// The dialog that shares the open session by a link: makes links, shows which there are, revokes them.
import { el } from "../lib/dom.js";
import { ago } from "../lib/format.js";
import { loadStyle } from "../lib/libraries.js";

const LIFETIMES = [
  [1, "one hour"],
  [24, "one day"],
  [168, "one week"],
  [720, "30 days"],
];

export class ShareView {
  #dialog = document.getElementById("shares");
  #connection;
  #sessionId;
  #onError;

  constructor(connection, onError) {
    this.#connection = connection;
    this.#onError = onError;
  }

  async open(sessionId) {
    this.#sessionId = sessionId;
    await loadStyle("/css/shared.css");
    return this.#open();
  }

  async #open(link = null) {
    const { shares } = await this.#request("list_shares");
    const lifetime = el("select", { "aria-label": "The link works for" });
    lifetime.append(...LIFETIMES.map(([hours, text]) => el("option", { value: hours, selected: hours === 168 }, text)));
    this.#dialog.replaceChildren(
      el("h2", {}, "Share this session"),
      el("p", {}, "Whoever has a link reads the messages, now and later ones, without signing in. Files are not shown."),
      el("p", { class: "row" }, lifetime, this.#does("Create a link", () => this.#create(lifetime.value))),
      link ? this.#newLink(link) : null,
      el("ul", {}, ...shares.map((one) => this.#row(one))),
      el("button", { type: "button", onclick: () => this.#dialog.close() }, "Close"),
    );
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
  }

  #newLink(link) {
    const copy = () => navigator.clipboard.writeText(link).catch(() => field.select());
    const field = el("input", { id: "share-link", readonly: true, value: link, "aria-label": "The link, which is shown once" });
    return el("p", { class: "row" }, field, this.#does("Copy", copy));
  }

  #row({ shareId, createdAt, expiresAt }) {
    const until = new Date(expiresAt).toLocaleString();
    const revoke = () => this.#request("revoke_share", { shareId }).then(() => this.#open());
    return el("li", { class: "row" }, `Made ${ago(createdAt)}, works until ${until}`, this.#does("Revoke", revoke));
  }

  async #create(hours) {
    const { path } = await this.#request("create_share", { expiresInHours: Number(hours) });
    await this.#open(location.origin + path);
  }

  #does(text, act) {
    return el("button", { class: "link", type: "button", onclick: () => this.#act(act) }, text);
  }

  #request(type, fields = {}) {
    return this.#connection.request({ type, sessionId: this.#sessionId, ...fields });
  }

  async #act(act) {
    try {
      await act();
    } catch (problem) {
      this.#dialog.close();
      this.#onError(problem);
    }
  }
}
