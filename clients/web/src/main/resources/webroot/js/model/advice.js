// What to do next after an error, by its code.

const ADVICE = {
  AGENT_CRASHED: "Your files are safe. Your next message starts a new agent on them.",
  AGENT_TYPE_UNKNOWN: "Choose another agent, or add its folder to the server's agents.",
  ENSEMBLE_UNAVAILABLE: "The model provider does not answer. Check its address and key, then try again.",
  FILE_NOT_FOUND: "It may have been moved or deleted. Check the list of files.",
  FILE_TOO_LARGE: "Ask the agent to show the part that you need.",
  FORBIDDEN: "Ask an owner of this tenant for the permission.",
  INSUFFICIENT_CREDITS: "Add credits, then send the message again.",
  INTERNAL: "Send the message again. If it fails again, check the server's log.",
  INVALID_MESSAGE: "The server and this page have different versions. Reload the page.",
  MESSAGE_TOO_LARGE: "Shorten the message, or upload the text as a file.",
  NO_TURN: "The turn has ended. Send this as a new message.",
  OFFLINE: "Concert retries automatically.",
  PODIUM_UNAVAILABLE: "The agent could not be started. Try again; `concert doctor` shows what is missing.",
  QUESTION_NOT_FOUND: "It was answered elsewhere, or its turn has ended.",
  RATE_LIMITED: "Too many requests. Wait a few seconds and try again.",
  SERVER_RESTARTED: "Your files are safe. Send the message again.",
  SESSION_ARCHIVED: "Start a new session.",
  SESSION_NOT_FOUND: "It no longer exists, or you have no access. Choose another session on the left.",
  SNAPSHOT_EXISTS: "Choose another name, or delete that snapshot.",
  SNAPSHOT_NOT_FOUND: "It was deleted elsewhere.",
  STORAGE_UNAVAILABLE: "Free space on the server's disk, then send this again.",
  TIMEOUT: "It took too long. Try again, perhaps with a smaller step.",
  TOO_MANY_FILES: "Send the others with another message.",
  TURN_IN_PROGRESS: "The agent is still working. Stop it first, or send it guidance.",
  WORKSPACE_FULL: "Delete files that you do not need, or ask an operator for more space.",
  WORKSPACE_READ_ONLY: "Ask an operator to check the disk.",
};

/**
 * An error as two texts: what happened, and what to do; no advice where what happened says it. The server's sentence
 * and its own advice come as one text, of which the page says the advice in its own words where it has some.
 */
export function toldOf({ code, message, retryable = true }) {
  const own = ADVICE[code];
  if (own) {
    return { what: firstSentenceOf(message), advice: own };
  }
  const general = retryable ? "Try again in a moment." : "Change the request, then try again.";
  return { what: message, advice: firstSentenceOf(message) === message ? general : null };
}

/** A point inside a name, such as a file's, ends no sentence. */
const firstSentenceOf = (text) => /^.*?[.!?](?=\s|$)/s.exec(text)?.[0] ?? text;
