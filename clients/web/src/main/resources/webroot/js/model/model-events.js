// What happens to calls of the model: they are repeated, and a long conversation is summarised.
import { closeText } from "./settle.js";

export const modelEvents = {
  "model.retry"(conversation, { ts, delayMs, message, replaces }) {
    if (replaces) {
      takeBack(conversation);
    }
    conversation.retry = { at: ts + delayMs, message };
  },

  "context.compacted"(conversation, event) {
    closeText(conversation);
    const { tokensBefore, tokensAfter } = event;
    conversation.add("compaction", event, { tokensBefore, tokensAfter });
  },
};

/** What the call that failed has shown comes again: its text, its thoughts, and calls that were not complete. */
function takeBack(conversation) {
  const { items } = conversation;
  const isOfThisCall = ({ kind, status }) =>
    kind === "assistant" || kind === "thinking" || (kind === "tool" && status === "writing");
  const first = items.findLastIndex((item) => !isOfThisCall(item)) + 1;
  closeText(conversation);
  if (first < items.length) {
    conversation.cut(items[first]);
  }
}
