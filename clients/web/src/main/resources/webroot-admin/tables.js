// Tables and forms of the page.
import { el } from "./shared/js/lib/dom.js";

/** A table that scrolls by itself: `columns` are pairs of a title and what it shows of a row. */
export function table(label, columns, rows) {
  if (rows.length === 0) {
    return el("p", { class: "empty" }, "There is nothing yet.");
  }
  const cell = (value) => (value instanceof Node ? el("td", {}, value) : el("td", { class: typeof value === "number" ? "number" : null }, value ?? ""));
  return el("div", { class: "scroll", tabindex: "0", role: "group", "aria-label": label },
    el("table", {},
      el("thead", {}, el("tr", {}, ...columns.map(([title]) => el("th", { scope: "col" }, title)))),
      el("tbody", {}, ...rows.map((row) => el("tr", {}, ...columns.map(([, of]) => cell(of(row))))))));
}

/** A folded form; `fields` are elements with a name, by their labels. */
export function form(title, fields, submit) {
  const fold = el("details", {}, el("summary", {}, title));
  const body = el("form", {
    onsubmit: (event) => {
      event.preventDefault();
      submit(new FormData(event.target), event.target);
    },
  }, ...fields.map(([label, field]) => el("label", {}, `${label} `, field)), el("button", { class: "primary" }, title));
  fold.append(body);
  return fold;
}

export const input = (name, attributes = {}) => el("input", { name, ...attributes });

export const choice = (name, options) => el("select", { name }, ...options.map(([value, text]) => el("option", { value }, text)));

/** What was filled in, by the names of the fields; texts that are left empty are left out. */
export function filled(data, numbers = []) {
  return Object.fromEntries(
    [...data].filter(([, value]) => value !== "").map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]));
}

/** The limits of a key or a team, as fields of a form. */
export const limitFields = () => [
  ["Budget ($)", input("budget", { inputmode: "decimal", size: "6" })],
  ["per", choice("budget_period", [["month", "month"], ["day", "day"], ["total", "in total"]])],
  ["Requests a minute", input("rate_limit_rpm", { type: "number", min: "1" })],
  ["Tokens a minute", input("rate_limit_tpm", { type: "number", min: "1" })],
  ["Models (all if empty)", input("allowed_models", { placeholder: "gpt-5, openai/*" })],
];

/** The body of a request that creates a key or a team. */
export function limits(data) {
  const body = filled(data, ["rate_limit_rpm", "rate_limit_tpm"]);
  if (body.allowed_models !== undefined) {
    body.allowed_models = body.allowed_models.split(",").map((name) => name.trim()).filter((name) => name !== "");
  }
  return body;
}

export function limitsText({ rate_limit_rpm: rpm, rate_limit_tpm: tpm, allowed_models: models }) {
  return [
    rpm == null ? null : `${rpm} requests/min`,
    tpm == null ? null : `${tpm} tokens/min`,
    models == null ? null : models.length === 0 ? "no model" : models.join(", "),
  ].filter((text) => text !== null).join("; ") || "none";
}
