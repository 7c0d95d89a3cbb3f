// What the agent says and thinks.
import { closeText } from "./settle.js";

export const textEvents = {
  text_delta(conversation, event) {
    if (!conversation.passage) {
      closeText(conversation);
      conversation.passage = conversation.add("assistant", event, { text: "", open: true });
    }
    conversation.passage.text += event.text;
    conversation.touch(conversation.passage);
  },

  // The message is what goes into the history; its last passage has been streamed as deltas before.
  message(conversation, event) {
    if (event.role === "user") {
      noteQuestion(conversation, event);
    }
    if (event.role !== "assistant" || typeof event.content !== "string" || event.content === "") {
      return;
    }
    const said = conversation.passage ?? lastPassageOf(conversation, event.turnId);
    closeText(conversation);
    if (said && (said.text === event.content || event.content.startsWith(said.text))) {
      said.text = event.content;
      said.messageId = event.messageId;
      conversation.touch(said);
    } else if (!said || !event.content.endsWith(said.text)) {
      conversation.add("assistant", event, { text: event.content, messageId: event.messageId });
    } else {
      said.messageId = event.messageId;
      conversation.touch(said);
    }
  },

  thinking_start(conversation, event) {
    closeText(conversation);
    conversation.thought = conversation.add("thinking", event, { text: "", open: true, durationMs: null });
  },

  thinking_progress(conversation, event) {
    if (!conversation.thought) {
      textEvents.thinking_start(conversation, event);
    }
    conversation.thought.text += event.text;
    conversation.touch(conversation.thought);
  },

  thinking_complete(conversation, event) {
    if (conversation.thought) {
      conversation.thought.durationMs = event.durationMs;
      closeText(conversation);
    }
  },
};

/** What a person said is shown since the turn began; in a forked session there was no turn. */
function noteQuestion(conversation, event) {
  const { turnId, messageId } = event;
  const said = conversation.items.find((item) => item.kind === "user" && item.turnId === turnId);
  if (said) {
    said.messageId = messageId;
    conversation.touch(said);
  } else {
    conversation.add("user", event, { text: event.content, messageId });
  }
}

function lastPassageOf(conversation, turnId) {
  return conversation.items.findLast((item) => item.kind === "assistant" && item.turnId === turnId);
}
