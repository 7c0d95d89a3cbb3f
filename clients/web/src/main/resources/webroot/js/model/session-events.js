// States of the session, its sandbox, and what it uses.
import { settle } from "./settle.js";

const AT_WORK = new Set(["running", "waiting"]);
const WITHOUT_AGENT = new Set(["inactive", "deactivating", "error"]);

const PHASES = {
  creating: "Preparing the workspace",
  configuring: "Starting the agent",
  installing_deps: "Installing the agent's dependencies",
};

export const sessionEvents = {
  session_state(conversation, { state, previous }) {
    conversation.state = state;
    if (state !== "activating") {
      conversation.preparation = null;
    }
    // On its way to a turn a session is ready too: only a turn that was under way ends with it.
    if (WITHOUT_AGENT.has(state) || (state === "ready" && AT_WORK.has(previous))) {
      settle(conversation);
    }
  },

  "session.rewound"(conversation, { messageId }) {
    settle(conversation);
    const oldest = conversation.items.find((item) => item.messageId === messageId);
    if (oldest?.kind === "assistant") {
      const { turnId } = oldest;
      conversation.cut(conversation.items.find((item) => item.turnId === turnId && item.kind !== "user"));
    } else if (oldest) {
      conversation.cut(oldest);
    }
  },

  sandbox_init(conversation) {
    conversation.preparation = "Preparing a sandbox";
  },

  sandbox_provisioning(conversation, { phase, message }) {
    conversation.preparation = message ?? PHASES[phase] ?? phase;
  },

  sandbox_ready(conversation) {
    conversation.preparation = null;
    conversation.trouble = null;
  },

  sandbox_removed(conversation) {
    conversation.trouble = null;
  },

  error(conversation, { message }) {
    conversation.trouble = message;
  },

  usage_update(conversation, event) {
    conversation.totals.add(event);
  },

  usage_context(conversation, { usedTokens, maxTokens, ratio }) {
    conversation.context = { usedTokens, maxTokens, ratio };
  },
};
