// Tells screen readers what matters, once, instead of every streamed word.

const SAID = {
  permission_requested: ({ toolName }) => `The agent asks for permission to use ${toolName}.`,
  question_requested: ({ questions }) => `The agent asks: ${questions.map(({ prompt }) => prompt).join(" ")}`,
  message: ({ role, content }) => (role === "assistant" ? `The agent says: ${String(content).slice(0, 500)}` : null),
  turn_error: ({ message }) => `The turn failed: ${message}`,
  turn_complete: ({ stopReason }) => (stopReason === "stopped" ? "The turn was stopped." : null),
  file_changed: ({ path, change }) => `${path} was ${change}.`,
};

export function announce(event) {
  const text = SAID[event.type]?.(event);
  if (text) {
    document.getElementById("announcer").textContent = text;
  }
}
