// The dialog with what the sessions used, newest first, by model.
import { el, setText, show } from "../lib/dom.js";
import { loadStyle } from "../lib/libraries.js";
import { count, money } from "../lib/format.js";
import { ask } from "../net/http.js";

const NANO = 1_000_000_000;
const HEADS = ["Session", "Model", "Calls", "Tokens in", "Cached", "Tokens out", "Cost"];

export class UsageView {
  #dialog = document.getElementById("usage-dialog");
  #rows = el("tbody");
  #more = el("button", { type: "button", id: "more-usage", onclick: () => this.#load() }, "Older sessions");
  #problem = el("p", { class: "key-problem", role: "alert" });
  #cursor = null;

  constructor() {
    this.#dialog.append(
      el("h2", {}, "Usage"),
      el("p", { class: "hint" }, "Tokens and cost as the providers bill them. A cost is unknown where the price of a model is not configured."),
      el(
        "div",
        { class: "table-scroll", tabindex: "0", role: "region", "aria-label": "Usage by session and model" },
        el("table", { class: "usage-table" }, el("thead", {}, el("tr", {}, ...HEADS.map((text) => el("th", { scope: "col" }, text)))), this.#rows),
      ),
      this.#problem,
      el("div", { class: "buttons" }, this.#more, el("button", { type: "button", id: "close-usage", onclick: () => this.#dialog.close() }, "Close")),
    );
  }

  async open() {
    await loadStyle("/css/review.css");
    this.#rows.replaceChildren();
    this.#cursor = null;
    if (!this.#dialog.open) {
      this.#dialog.showModal();
    }
    await this.#load();
  }

  async #load() {
    setText(this.#problem, "");
    try {
      const query = new URLSearchParams({ limit: 50, ...(this.#cursor && { cursor: this.#cursor }) });
      const { sessions, nextCursor } = await ask("GET", `/api/usage?${query}`);
      this.#rows.append(...sessions.filter(({ models }) => models.length > 0).flatMap(rowsOf));
      this.#cursor = nextCursor ?? null;
      if (this.#rows.children.length === 0 && this.#cursor === null) {
        this.#rows.append(el("tr", {}, el("td", { colspan: HEADS.length }, "No model was asked yet.")));
      }
    } catch (problem) {
      setText(this.#problem, problem.message);
    }
    show(this.#more, this.#cursor !== null);
  }
}

function rowsOf({ sessionId, name, models }) {
  const rows = models.map((model, index) => row(index === 0 ? el("a", { href: `#session=${sessionId}`, dir: "auto", onclick: leave }, name) : "", model.model, model));
  return models.length > 1 ? [...rows, row("", "all models", sumOf(models))] : rows;
}

const leave = ({ target }) => target.closest("dialog").close();

function row(session, model, { calls, inputTokens, cachedTokens, outputTokens, cost }) {
  const numbers = [calls, inputTokens, cachedTokens, outputTokens].map((value) => el("td", { class: "amount" }, count(value)));
  return el("tr", {}, el("td", {}, session), el("td", {}, model), ...numbers, el("td", { class: "amount" }, cost == null ? "unknown" : money(Number(cost))));
}

/** Unknown as soon as one cost is. */
export function sumOf(models) {
  const sum = (field) => models.reduce((all, model) => all + model[field], 0);
  const isKnown = models.every(({ cost }) => cost != null);
  return {
    calls: sum("calls"),
    inputTokens: sum("inputTokens"),
    cachedTokens: sum("cachedTokens"),
    outputTokens: sum("outputTokens"),
    cost: isKnown ? models.reduce((all, { cost }) => all + Math.round(Number(cost) * NANO), 0) / NANO : null,
  };
}
