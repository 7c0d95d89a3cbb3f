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

const LONGEST_NAME = 80;

/** What cannot stand in a name: control characters, those that turn the direction of text, half an emoji. */
const NOT_IN_A_NAME = /[\s\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+/gu;

/** The name of a session that begins with this message. No emoji is cut in two. */
export const sessionNameOf = (text) => [...text.replace(NOT_IN_A_NAME, " ")].slice(0, LONGEST_NAME).join("");
