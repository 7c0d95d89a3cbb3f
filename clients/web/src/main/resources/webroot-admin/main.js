// The page for operators: keys, teams, budgets, usage, providers and recent calls of one Ensemble.
import { el, setText, show } from "./shared/js/lib/dom.js";
import { count, money } from "./shared/js/lib/format.js";
import { get, hasSingleSignOn, isSignedIn, post, Refusal, remove, signIn, signOut } from "./api.js";
import { draw } from "./charts.js";
import { choice, form, input, limitFields, limits, limitsText, table } from "./tables.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const OVERLAP_S = 3600;
const find = (css) => document.querySelector(css);
const problem = find("#problem");
const list = (section) => find(`#${section} .list`);

/** Does what a person asked for, and says what went wrong. */
async function attempt(work) {
  show(problem, false);
  try {
    await work();
  } catch (failure) {
    if (!(failure instanceof Refusal)) {
      throw failure;
    }
    setText(problem, failure.message);
    show(problem, true);
    if (failure.status === 401) {
      showSignIn();
    }
  }
}

function showSignIn() {
  show(find("#content"), false);
  show(find("#refresh"), false);
  show(find("#sign-out"), false);
  show(find("#sign-in"), true);
  show(find("#single-sign-on"), hasSingleSignOn());
  find("#sign-in [name=key]").focus();
  document.body.dataset.state = "signed-out";
}

async function showContent() {
  show(find("#sign-in"), false);
  show(find("#content"), true);
  show(find("#refresh"), true);
  show(find("#sign-out"), true);
  await refresh();
  document.body.dataset.state = "ready";
}

/** The key is shown once, and forgotten with the dialog. */
function showSecret({ key }) {
  const dialog = find("#secret");
  setText(dialog.querySelector("code"), key);
  dialog.addEventListener("close", () => setText(dialog.querySelector("code"), ""), { once: true });
  dialog.showModal();
}

const button = (text, label, work) =>
  el("button", { type: "button", "aria-label": label, class: text === "Rotate" ? null : "danger", onclick: () => attempt(work) }, text);

async function refresh() {
  const [{ keys }, { teams }, { customers }, { budgets, all_nodes: allNodes }, status] = await Promise.all(
    ["keys", "teams", "customers", "budgets", "status"].map(get));
  const names = new Map([...teams.map((team) => [team.team_id, team.name]), ...keys.map((key) => [key.key_id, key.name]), ...customers.map((one) => [one.customer_id, one.name])]);
  const named = (id) => names.get(id) ?? id ?? "";
  showKeys(keys, teams, customers, named);
  showTeams(teams, keys, customers, named);
  showBudgets(budgets, allNodes);
  showProviders(status);
  await Promise.all([showUsage(named), showCalls(named)]);
}

function showKeys(keys, teams, customers, named) {
  const rotate = ({ key_id: id }) => attempt(async () => {
    showSecret(await post(`keys/${id}/rotate`, { overlap_seconds: OVERLAP_S }));
    await refresh();
  });
  const actions = (key) => key.status === "revoked" ? "" : el("span", { class: "buttons" },
    button("Rotate", `Rotate ${key.name}`, () => rotate(key)),
    button("Revoke", `Revoke ${key.name}`, async () => {
      if (window.confirm(`Revoke the key ${key.name}? It cannot be used again.`)) {
        await post(`keys/${key.key_id}/revoke`);
        await refresh();
      }
    }));
  list("keys").replaceChildren(
    table("Keys", [
      ["Name", (key) => key.name],
      ["Key", (key) => `${key.prefix}…`],
      ["Status", (key) => key.status],
      ["Customer", (key) => named(key.customer_id)],
      ["Team", (key) => named(key.team_id)],
      ["Limits", limitsText],
      ["Actions", actions],
    ], keys),
    form("New key", [
      ["Name", input("name", { required: true })],
      ["Customer", customerField(customers)],
      ["Team", choice("team_id", [["", "none"], ...teams.map((team) => [team.team_id, team.name])])],
      ...limitFields(),
    ], (data) => attempt(async () => {
      showSecret(await post("keys", { customer_id: await customerOf(data), ...limits(data) }));
      await refresh();
    })));
}

function showTeams(teams, keys, customers, named) {
  const members = (team) => keys.filter((key) => key.team_id === team.team_id && key.status !== "revoked").length;
  const remover = (team) => button("Delete", `Delete ${team.name}`, async () => {
    const also = members(team) > 0 ? ` Its keys (${members(team)}) are revoked and cannot be used again.` : "";
    if (window.confirm(`Delete the team ${team.name}?${also}`)) {
      await remove(`teams/${team.team_id}${also === "" ? "" : "?keys=revoke"}`);
      await refresh();
    }
  });
  list("teams").replaceChildren(
    table("Teams", [
      ["Name", (team) => team.name],
      ["Customer", (team) => named(team.customer_id)],
      ["Keys", members],
      ["Limits", limitsText],
      ["Actions", remover],
    ], teams),
    form("New team", [
      ["Name", input("name", { required: true })],
      ["Customer", customerField(customers)],
      ...limitFields(),
    ], (data) => attempt(async () => {
      await post("teams", { customer_id: await customerOf(data), ...limits(data) });
      await refresh();
    })));
}

const customerField = (customers) =>
  choice("customer_id", [...customers.map((one) => [one.customer_id, one.name]), ["", "new: operators"]]);

/** The customer that was chosen, or a new one. */
async function customerOf(data) {
  const chosen = data.get("customer_id");
  data.delete("customer_id");
  return chosen || (await post("customers", { name: "operators", email: "operators@localhost" })).customer_id;
}

function showBudgets(budgets, allNodes) {
  const used = ({ spent, budget, name }) => el("meter", { min: "0", max: "1", high: "0.8", value: Number(budget) === 0 ? "1" : String(Math.min(1, Number(spent) / Number(budget))), "aria-label": `Used of the budget of ${name}` });
  list("budgets").replaceChildren(...(allNodes ? [] : [el("p", {}, "Redis does not answer: what other nodes have spent lately may be missing.")]), table("Budgets", [
    ["Of", (one) => `${one.kind} ${one.name}`],
    ["Model", (one) => one.model ?? "all"],
    ["Spent", (one) => money(Number(one.spent))],
    ["Budget", (one) => `${money(Number(one.budget))} ${one.budget_period === "total" ? "in total" : `a ${one.budget_period}`}`],
    ["Used", used],
  ], budgets));
}

function showProviders({ status, redis, providers, uptime_s: uptime }) {
  setText(find("#status"), `${status}, up for ${count(Math.floor(uptime / 60))} min, Redis ${redis}`);
  list("providers").replaceChildren(table("Providers", [
    ["Endpoint", ([name]) => name],
    ["Health", ([, way]) => el("span", { class: way.health === "healthy" ? null : "bad" }, way.health)],
    ["Requests in the last minute", ([, way]) => way.requests],
    ["Tokens", ([, way]) => way.tokens],
    ["Limit used", ([, way]) => (way.utilization == null ? "no limit" : `${Math.round(way.utilization * 100)} %`)],
  ], Object.entries(providers)));
}

async function showUsage(named) {
  const days = Number(find("#range").value);
  const from = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - (days - 1) * DAY_MS).toISOString();
  const [byDay, byModel, byKey] = await Promise.all(
    ["day", "model", "key"].map((group) => get(`usage?group_by=${group}&from=${from}`)));
  const place = find("#charts");
  draw(place, "by-day", `Cost by day: ${money(Number(byDay.total.cost))} for ${count(byDay.total.calls)} calls`, "day", [...byDay.groups].sort((one, other) => (one.day < other.day ? -1 : 1)));
  draw(place, "by-model", "Cost by model", "model", byModel.groups);
  draw(place, "by-key", "Cost by key", "key", byKey.groups, named);
}

async function showCalls(named) {
  const { logs } = await get("logs?limit=50");
  list("calls").replaceChildren(table("Recent calls", [
    ["Time", (call) => new Date(call.started_at).toLocaleString()],
    ["Key", (call) => named(call.key_id)],
    ["Model", (call) => call.model],
    ["Endpoint", (call) => call.endpoint],
    ["Why there", (call) => call.reason.replaceAll("_", " ")],
    ["Attempts", (call) => call.attempts],
    ["Outcome", (call) => call.outcome],
    ["Tokens", (call) => call.input_tokens + call.cached_tokens + call.cache_write_tokens + call.output_tokens],
    ["Cost", (call) => (call.cost === "unknown" ? "unknown" : money(Number(call.cost)))],
  ], logs));
}

find("#sign-in").addEventListener("submit", (event) => {
  event.preventDefault();
  const field = find("#sign-in [name=key]");
  attempt(async () => {
    await signIn(field.value);
    field.value = "";
    await showContent();
  });
});
find("#sign-out").addEventListener("click", () => attempt(async () => {
  await signOut();
  showSignIn();
}));
find("#refresh").addEventListener("click", () => attempt(refresh));
find("#range").addEventListener("change", () => attempt(refresh));
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  if (document.body.dataset.state === "ready") {
    attempt(refresh);
  }
});

attempt(async () => {
  if (await isSignedIn()) {
    await showContent();
  } else {
    showSignIn();
  }
});
