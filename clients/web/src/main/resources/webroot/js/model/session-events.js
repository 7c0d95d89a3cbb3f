// States of the session, its sandbox, and what it uses.
import { settle } from "./settle.js";

const AT_WORK = new Set(["activating", "running", "waiting"]);

const PHASES = {
  creating: "Preparing the workspace",
  configuring: "Starting the agent",
  installing_deps: "Installing what the agent needs",
};

export const sessionEvents = {
  session_state(conversation, { state, reason }) {
    conversation.state = state;
    conversation.stateReason = reason;
    if (state !== "activating") {
      conversation.preparation = null;
    }
    if (!AT_WORK.has(state)) {
      settle(conversation);
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
  },

  usage_update(conversation, event) {
    conversation.totals.add(event);
  },

  usage_context(conversation, { usedTokens, maxTokens, ratio }) {
    conversation.context = { usedTokens, maxTokens, ratio };
  },
};
