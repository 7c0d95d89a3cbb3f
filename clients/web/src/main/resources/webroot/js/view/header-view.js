// Name, agent and state of the open session; what it has used.
import { el, setText, show } from "../lib/dom.js";
import { count, counted, money } from "../lib/format.js";
import { agentName, stateText } from "../model/names.js";
import { titleOf } from "../model/title.js";
import { WorkLinksView } from "./work-links-view.js";

export class HeaderView {
  #title = document.getElementById("title");
  #subtitle = document.getElementById("subtitle");
  #usage = document.getElementById("usage");
  #workLinks = new WorkLinksView();
  #tokens = el("span", { class: "tokens" });
  #context = el("meter", { min: 0, max: 1, high: 0.8, optimum: 0.2, "aria-label": "Context used" });

  constructor() {
    this.#usage.append(this.#tokens, this.#context);
  }

  /** `model` is null where it is not known. */
  draw(conversation, sessions, model) {
    const session = conversation?.session;
    setText(this.#title, session?.name ?? (conversation ? "…" : "New session"));
    setText(this.#subtitle, session ? aboutOf(session, conversation.state, model) : "");
    this.#subtitle.dataset.state = conversation?.state ?? "";
    this.#workLinks.draw(session, conversation?.state);
    document.title = titleOf(session, conversation?.state, sessions);
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

const aboutOf = ({ agentType }, state, model) => [agentName(agentType), model, stateText(state)].filter(Boolean).join(" · ");
