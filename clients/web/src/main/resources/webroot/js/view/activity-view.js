// One line at the end of the conversation: what is going on right now.
import { el, setText, show } from "../lib/dom.js";

export class ActivityView {
  #node = document.getElementById("activity");
  #text = el("span");
  /** Counts the seconds down. */
  #timer = null;

  constructor() {
    this.#node.append(el("span", { class: "pulse", "aria-hidden": "true" }), this.#text);
  }

  draw(conversation, sending) {
    clearTimeout(this.#timer);
    if (conversation?.retry) {
      this.#timer = setTimeout(() => this.draw(conversation, sending), 1_000);
    }
    const text = sending ? "Sending" : conversation ? activityOf(conversation) : null;
    show(this.#node, text !== null);
    setText(this.#text, text ?? "");
    this.#node.dataset.state = conversation?.state ?? "";
  }
}

/** Null when the last item shows it already, or nothing goes on. */
function activityOf(conversation) {
  if (conversation.preparation !== null) {
    return conversation.preparation;
  }
  if (conversation.retry !== null) {
    return retryText(conversation.retry);
  }
  if (conversation.state === "activating") {
    return "Starting the agent";
  }
  if (conversation.state === "waiting") {
    return "Waiting for your answer";
  }
  if (!conversation.running) {
    return null;
  }
  const { last } = conversation;
  if (last?.kind === "tool" && last.status === "running") {
    return `Running ${last.toolName || "a command"}`;
  }
  return last?.open ? null : "Working";
}

function retryText({ at, message }) {
  const seconds = Math.ceil((at - Date.now()) / 1000);
  return `${seconds > 0 ? `Retrying in ${seconds} s` : "Retrying"}: ${message}`;
}
