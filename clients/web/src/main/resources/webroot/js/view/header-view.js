// Name, agent and state of the open session; what it has used.
import { el, setText, show } from "../lib/dom.js";
import { count, counted, money } from "../lib/format.js";
import { agentName, stateText } from "../model/names.js";

export class HeaderView {
  #title = document.getElementById("title");
  #subtitle = document.getElementById("subtitle");
  #usage = document.getElementById("usage");
  #tokens = el("span", { class: "tokens" });
  #context = el("meter", { min: 0, max: 1, high: 0.8, optimum: 0.2, "aria-label": "Context used" });

  constructor() {
    this.#usage.append(this.#tokens, this.#context);
  }

  draw(conversation) {
    const session = conversation?.session;
    setText(this.#title, session?.name ?? (conversation ? "…" : "New session"));
    setText(this.#subtitle, session ? `${agentName(session.agentType)} · ${stateText(conversation.state)}` : "");
    this.#subtitle.dataset.state = conversation?.state ?? "";
    document.title = session ? `${session.name} – Concert` : "Concert";
    this.#drawUsage(conversation);
  }

  #drawUsage(conversation) {
    const totals = conversation?.totals;
    show(this.#usage, Boolean(totals) && totals.tokens > 0);
    if (this.#usage.hidden) {
      return;
    }
    setText(this.#tokens, `${counted(totals.tokens, "token")} · ${money(totals.cost)}`);
    const { context } = conversation;
    show(this.#context, context !== null);
    const parts = [`${count(totals.inputTokens)} in, ${count(totals.outputTokens)} out, ${count(totals.cachedTokens)} cached`];
    if (totals.model) {
      parts.push(`model ${totals.model}`);
    }
    if (context !== null) {
      this.#context.value = context.ratio;
      parts.push(`context ${count(context.usedTokens)} of ${count(context.maxTokens)}`);
    }
    this.#usage.title = parts.join("\n");
  }
}
