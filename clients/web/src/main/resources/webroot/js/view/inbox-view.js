// The inbox: what runs left for people, and what one can do with it.
import { el } from "../lib/dom.js";
import { ago } from "../lib/format.js";

const SNOOZE_MS = 4 * 3_600_000;
const SEVERITY = { error: "bad", warning: "warn" };

/** `act(work)` does what a person asked for; `api` has what can be done with an item. */
export function drawInbox(node, items, act, api) {
  node.replaceChildren(...items.map((item) => itemView(item, act, api)));
  if (items.length === 0) {
    node.append(el("li", { class: "empty" }, "Nothing is here."));
  }
}

function itemView(item, act, api) {
  const button = (text, work) =>
    el("button", { type: "button", "aria-label": `${text}: ${item.title}`, onclick: () => act(work) }, text);
  return el("li", { "data-item": item.itemId },
    el("p", { class: "row" },
      el("span", { class: "name" }, item.title),
      el("span", { class: `state ${SEVERITY[item.severity] ?? ""}` }, item.state),
      el("span", { class: "about" }, `${item.kind}, ${ago(item.createdAt)}${merged(item)}${item.isAutomationDeleted ? ", of an automation that is deleted" : ""}`)),
    el("p", { class: "body", dir: "auto" }, item.body),
    el("div", { class: "buttons" },
      item.state === "new" && button("Seen", () => api.sortItem(item.itemId, "seen")),
      item.state !== "done" && button("Snooze 4 h", () => api.sortItem(item.itemId, "snoozed", Date.now() + SNOOZE_MS)),
      item.state === "done"
        ? button("Open again", () => api.sortItem(item.itemId, "seen"))
        : button("Done", () => api.sortItem(item.itemId, "done")),
      button("Undo", () => api.undoItem(item.itemId)),
      item.sessionId && el("a", { href: `/#session=${item.sessionId}` }, "Session")),
    item.sessionId && replyView(item, act, api),
    historyView(item, api));
}

function merged(item) {
  if (item.mergedInto) {
    return ", merged into another item";
  }
  return item.merged > 0 ? `, with ${item.merged} more like it` : "";
}

/** What people, rules and agents did with an item; asked for when it is opened. */
function historyView(item, api) {
  const list = el("ol", { class: "history" });
  return el("details", {
    ontoggle: async (event) => {
      if (event.target.open) {
        const changes = await api.itemHistory(item.itemId);
        list.replaceChildren(...changes.map((one) =>
          el("li", {}, `${ago(one.at)}: ${one.by} ${one.actor}: ${one.action} ${one.note}${one.isUndone ? " (taken back)" : ""}`)));
        if (changes.length === 0) {
          list.replaceChildren(el("li", { class: "empty" }, "Nothing was done with it."));
        }
      }
    },
  }, el("summary", { "aria-label": `History of ${item.title}` }, "History"), list);
}

function replyView(item, act, api) {
  const text = el("input", { "aria-label": `Reply to ${item.title}`, required: true, autocomplete: "off", placeholder: "Reply: the agent goes on" });
  return el("form", {
    class: "row",
    onsubmit: (event) => {
      event.preventDefault();
      act(() => api.replyToItem(item.itemId, text.value));
    },
  }, text, el("button", { "aria-label": `Send the reply to ${item.title}` }, "Reply"));
}
