// Automations and the inbox of whoever is signed in.
import { ask } from "./http.js";

const AUTOMATIONS = "/api/automations";
const INBOX = "/api/inbox";
const PAGE = 200;

const one = (id) => `${AUTOMATIONS}/${encodeURIComponent(id)}`;
const item = (id) => `${INBOX}/${encodeURIComponent(id)}`;
const put = (address, body) => ask("PUT", address, JSON.stringify(body));
const post = (address, body = {}) => ask("POST", address, JSON.stringify(body));

export async function listAutomations() {
  const all = [];
  let cursor = "";
  do {
    const page = await ask("GET", `${AUTOMATIONS}?limit=${PAGE}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
    all.push(...page.automations);
    cursor = page.nextCursor ?? "";
  } while (cursor !== "");
  return all;
}

export const listSessions = async () => (await ask("GET", "/api/sessions?limit=500")).sessions;
export const createAutomation = (automation) => post(AUTOMATIONS, automation);
export const changeAutomation = (id, changes) => put(one(id), changes);
export const deleteAutomation = (id) => ask("DELETE", one(id));
export const pauseAutomation = (id) => put(`${one(id)}/paused`, {});
export const resumeAutomation = (id) => ask("DELETE", `${one(id)}/paused`);
export const runAutomation = (id) => post(`${one(id)}/runs`);

/** A new secret, which nothing shows again, and the address to post to. */
export const renewWebhook = (id) => post(`${one(id)}/webhook`);

/** What a trigger means and its next times. */
export const previewTrigger = (trigger, count) => post(`${AUTOMATIONS}/preview`, { trigger, count });

/** What a model makes of somebody's own words. */
export const proposeAutomation = (words, zone) => post(`${AUTOMATIONS}/preview`, { words, zone });

/** What a run changed in its copy of a session's files, and the way back into that session. */
export const listChanges = async (id, run) => (await ask("GET", `${one(id)}/runs/${encodeURIComponent(run)}/changes`)).changes;
export const acceptRun = (id, run) => post(`${one(id)}/runs/${encodeURIComponent(run)}/accept`);

export const listSlots = async (id) => (await ask("GET", `${one(id)}/runs?limit=50`)).slots;
export const explainTime = async (id, at) => (await ask("GET", `${one(id)}/why?at=${at}`)).message;

export const listInbox = async (state) => (await ask("GET", `${INBOX}?state=${state}`)).items;
export const sortItem = (id, state, until) => put(item(id), until === undefined ? { state } : { state, until });
export const itemHistory = async (id) => (await ask("GET", `${item(id)}/history`)).changes;
export const undoItem = (id) => post(`${item(id)}/undo`);
export const replyToItem = (id, text) => post(`${item(id)}/replies`, { text });

const RULES = "/api/inbox-rules";
const ruleOf = (id) => `${RULES}/${encodeURIComponent(id)}`;

export const listRules = async () => (await ask("GET", RULES)).rules;
export const addRule = (rule) => post(RULES, rule);
export const changeRule = (id, changes) => put(ruleOf(id), changes);
export const removeRule = (id) => ask("DELETE", ruleOf(id));
export const listDecisions = async (id) => (await ask("GET", `${ruleOf(id)}/decisions`)).decisions;

const DEVICES = `${INBOX}/push-devices`;

/** The channel of Web Push has the browsers, and the key for which a browser subscribes. */
export async function listDelivery() {
  const [{ channels }, push] = await Promise.all([ask("GET", `${INBOX}/delivery`), ask("GET", DEVICES)]);
  return channels.map((one) => (one.channel === "push" ? { ...one, ...push } : one));
}

export const addDevice = (device) => post(DEVICES, device);
export const removeDevice = (id) => ask("DELETE", `${DEVICES}/${encodeURIComponent(id)}`);
export const setDelivery = (channel, from, url) => put(`${INBOX}/delivery/${channel}`, { from, url });
export const testDelivery = (channel) => post(`${INBOX}/delivery/${channel}/test`);
