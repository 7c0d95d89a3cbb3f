// The page of automations: the inbox, what is due in the next days, all automations, their history.
import { Account } from "./model/account.js";
import { days } from "./model/calendar.js";
import { setText, show } from "./lib/dom.js";
import { counted } from "./lib/format.js";
import * as api from "./net/automations-api.js";
import { Connection } from "./net/connection.js";
import { drawAutomations } from "./view/automation-list-view.js";
import { drawCalendar } from "./view/calendar-view.js";
import { drawDelivery } from "./view/delivery-view.js";
import { HistoryView } from "./view/history-view.js";
import { drawInbox } from "./view/inbox-view.js";
import { lazyDialog } from "./view/lazy-dialog.js";

const DAYS = 7;
const TIMES = 100;
const TIMED = new Set(["cron", "interval", "once", "rrule", "heartbeat"]);
const CALENDAR = 50;
const SOON_MS = 300;
const WAIT_MS = 2000;

const find = (id) => document.getElementById(id);
const problem = find("problem");
const state = find("inbox-state");
const account = new Account();
const history = new HistoryView(act);
const secrets = new Map();
const webhooks = new Map();
const openEditor = lazyDialog("/js/view/automation-editor.js", (module) => new module.AutomationEditor(saved), complain);
const connection = new Connection(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws?protocol=2`);
let rules = null;
let timer = null;
let waits = null;
let acts = Promise.resolve();

/** Does what a person asked for, shows what is new, and says what went wrong. */
function act(work) {
  // One after the other: what is drawn must not ask for what is being deleted.
  acts = acts.then(() => perform(work));
  return acts;
}

async function perform(work) {
  show(problem, false);
  try {
    await work();
    await draw();
  } catch (failure) {
    complain(failure);
  }
}

function complain(failure) {
  setText(problem, failure.message);
  show(problem, true);
}

async function openRules() {
  const { RulesView } = await import("./view/rules-view.js");
  rules ??= new RulesView(act);
}

/** Senders need the address and the secret of a new webhook. */
function saved({ automationId, trigger }, isNew) {
  act(() => (isNew && trigger.kind === "webhook" ? renewWebhook(automationId) : undefined));
}

async function renewWebhook(id) {
  webhooks.set(id, await api.renewWebhook(id));
}

async function draw() {
  const [automations, items, channels] = await Promise.all([api.listAutomations(), api.listInbox(state.value), api.listDelivery()]);
  drawInbox(find("inbox-items"), items, act, api);
  drawChannels(channels);
  const handlers = { act, api, webhooks, renewWebhook, edit: openEditor, history: (one) => act(() => history.open(one)) };
  drawAutomations(find("automation-list"), automations, handlers);
  setText(find("status"), `${counted(automations.length, "automation")}, ${counted(items.length, "item")}`);
  await rules?.draw();
  await history.draw(automations);
  await drawDays(automations);
  document.body.dataset.state = "ready";
}

/** What is on its way is looked at again until it has arrived. */
function drawChannels(channels) {
  drawDelivery(find("channels"), channels, secrets, act, api);
  clearTimeout(waits);
  if (channels.some(({ waiting }) => waiting > 0)) {
    waits = setTimeout(async () => drawChannels(await api.listDelivery().catch(() => channels)), WAIT_MS);
  }
}

async function drawDays(automations) {
  const timed = automations.filter((one) => one.nextAt && TIMED.has(one.trigger.kind)).slice(0, CALENDAR);
  const due = await Promise.all(timed.map(async (automation) => ({ automation, at: await timesOf(automation) })));
  drawCalendar(find("days"), days(due, Date.now(), DAYS));
}

/** An interval counts from when it was created: its next time says where. */
async function timesOf({ trigger, nextAt }) {
  const { at } = await api.previewTrigger(trigger, TIMES);
  const offset = trigger.kind === "interval" || trigger.kind === "heartbeat" ? nextAt - at[0] : 0;
  return at.map((time) => time + offset);
}

// What the server tells comes in bursts.
connection.onMessage = ({ type }) => {
  if (/^(automation|inbox)\./.test(type ?? "")) {
    clearTimeout(timer);
    timer = setTimeout(() => act(async () => {}), SOON_MS);
  }
};
connection.onStatus = (status) => (document.body.dataset.connection = status);
find("inbox-rules").addEventListener("toggle", () => act(openRules), { once: true });
state.addEventListener("change", () => act(async () => {}));
find("new-automation").addEventListener("click", () => openEditor());

act(async () => {
  await account.load();
  if (account.mustSignIn) {
    await account.signIn();
    return;
  }
  connection.connectNow();
});
