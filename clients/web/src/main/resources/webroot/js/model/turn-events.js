// A turn from its start to its end.
import { closeText, settle } from "./settle.js";

export const turnEvents = {
  turn_started(conversation, event) {
    closeText(conversation);
    conversation.turn = { turnId: event.turnId, startedAt: event.ts, text: event.text };
    conversation.add("user", event, { text: event.text, clientTurnId: event.clientTurnId });
  },

  turn_steered(conversation, event) {
    closeText(conversation);
    conversation.add("user", event, { text: event.text, steered: true });
  },

  turn_complete(conversation, event) {
    const startedAt = conversation.turn?.startedAt ?? null;
    closeText(conversation);
    settle(conversation);
    conversation.add("end", event, {
      stopReason: event.stopReason,
      usage: event.usage,
      files: conversation.changes.of(event.turnId).length,
      durationMs: startedAt === null ? null : event.ts - startedAt,
    });
  },

  turn_error(conversation, event) {
    const asked = conversation.items.find((item) => item.kind === "user" && item.turnId === event.turnId);
    closeText(conversation);
    settle(conversation);
    conversation.add("error", event, {
      code: event.code,
      message: event.message,
      details: event.details || null,
      retryable: event.retryable,
      files: conversation.changes.of(event.turnId).length,
      text: asked?.text ?? null,
    });
  },
};
