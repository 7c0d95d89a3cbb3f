// Files that a turn changes.

export const fileEvents = {
  file_changed(conversation, event) {
    if (conversation.turn !== null) {
      conversation.changes.note(conversation.turn.turnId, event);
    }
  },
};
