// How agents and states are called in the page.

const AGENTS = { "coding-agent": "Coding agent", echo: "Echo" };

const STATES = {
  inactive: "asleep",
  activating: "starting",
  ready: "ready",
  running: "working",
  waiting: "needs you",
  deactivating: "stopping",
  error: "error",
};

export const agentName = (type) => AGENTS[type] ?? type;

export const stateText = (state) => STATES[state] ?? state;
