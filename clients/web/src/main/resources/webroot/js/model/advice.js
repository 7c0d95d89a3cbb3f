// What to do next after an error, by its code.

const ADVICE = {
  AGENT_CRASHED: "The workspace is kept. The next message starts a fresh agent on it.",
  AGENT_TYPE_UNKNOWN: "Choose another agent, or add its folder to the server's agents.",
  ENSEMBLE_UNAVAILABLE: "The model service does not answer. Check the provider's address and key, then try again.",
  FILE_NOT_FOUND: "It may have been moved or deleted. The list of files shows what is there.",
  FILE_TOO_LARGE: "Ask the agent to show the part that you need.",
  FORBIDDEN: "Ask an owner of this tenant for the permission.",
  INSUFFICIENT_CREDITS: "Add credits, then send the message again.",
  INTERNAL: "Send the message again. If it fails again, the server's log says why.",
  INVALID_MESSAGE: "The server is of another version than this page. Reload the page.",
  MESSAGE_TOO_LARGE: "Shorten the message, or put the text into a file.",
  NO_TURN: "The turn is over already. Send it as a new message.",
  OFFLINE: "It is tried again by itself.",
  PODIUM_UNAVAILABLE: "The agent could not be started. Try again; `concert doctor` shows what is missing.",
  QUESTION_NOT_FOUND: "It was answered elsewhere, or its turn is over.",
  RATE_LIMITED: "Too much at once. Wait some seconds and try again.",
  SESSION_ARCHIVED: "Start a new session.",
  SESSION_NOT_FOUND: "It was deleted, or is another tenant's. Choose another session.",
  SNAPSHOT_EXISTS: "Choose another name, or delete that snapshot.",
  SNAPSHOT_NOT_FOUND: "It was deleted elsewhere.",
  TIMEOUT: "It took too long. Try again, perhaps with a smaller step.",
  TURN_IN_PROGRESS: "The agent still works. Stop it first, or steer it.",
  WORKSPACE_FULL: "Delete what is not needed, or ask an operator for more room.",
  WORKSPACE_READ_ONLY: "An operator has to look at the disk.",
};

export function adviceFor(code, retryable = true) {
  return ADVICE[code] ?? (retryable ? "Try again in a moment." : "Change the request, then try again.");
}
