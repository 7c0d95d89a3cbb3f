// The automations, and what one can do with them.
import { el } from "../lib/dom.js";

const WHEN = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

/** `handlers` are `act`, `api`, `edit`, `history` and `renewWebhook`, with the `webhooks` whose secrets were shown last. */
export function drawAutomations(node, automations, handlers) {
  node.replaceChildren(...automations.map((one) => automationView(one, handlers)));
  if (automations.length === 0) {
    node.append(el("li", { class: "empty" }, "There is no automation yet."));
  }
}

function automationView(one, { act, api, edit, history, renewWebhook, webhooks }) {
  const id = one.automationId;
  const button = (text, onclick, className) =>
    el("button", { type: "button", class: className, "aria-label": `${text}: ${one.name}`, onclick }, text);
  const isOn = one.state === "enabled";
  // A rule in the file of a repository is changed and begun there.
  const isOurs = one.trigger.kind !== "rule";
  const remove = () => window.confirm(`Delete ${one.name} and its history? Its sessions and items stay.`) && act(() => api.deleteAutomation(id));
  return el("li", { "data-automation": id },
    el("p", { class: "row" },
      el("span", { class: "name" }, one.name),
      el("span", { class: `state ${one.state === "disabled" ? "bad" : isOn ? "" : "warn"}` }, one.state),
      el("span", { class: "about" }, one.nextAt ? `next ${WHEN.format(one.nextAt)}` : "")),
    el("p", { class: "about" }, `Due ${one.description}.`, one.stateReason ? ` ${one.stateReason}` : ""),
    el("div", { class: "buttons" },
      isOurs && button("Run", () => act(() => api.runAutomation(id))),
      isOurs && (isOn ? button("Pause", () => act(() => api.pauseAutomation(id))) : button("Resume", () => act(() => api.resumeAutomation(id)))),
      isOurs && button("Edit", () => edit(one)),
      one.trigger.kind === "webhook" && button("New secret", () => act(() => renewWebhook(id))),
      button("History", () => history(one)),
      button("Delete", remove, "danger")),
    webhooks.has(id) && webhookView(webhooks.get(id)));
}

function webhookView({ path, secret }) {
  return el("p", { class: "body" },
    "Post to ", el("code", {}, location.origin + path), " and sign with this secret, which is not shown again: ", el("code", {}, secret));
}
