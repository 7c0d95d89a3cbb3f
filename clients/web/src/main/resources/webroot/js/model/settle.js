// Ends what was still open when a turn is over, so that nothing seems to go on for ever.

export function settle(conversation) {
  conversation.turn = null;
  conversation.preparation = null;
  for (const item of conversation.items) {
    if (item.open) {
      item.open = false;
      conversation.touch(item);
    }
    if (item.kind === "tool" && (item.status === "writing" || item.status === "running")) {
      item.status = "interrupted";
      conversation.touch(item);
    }
    if (item.request && !item.request.outcome) {
      item.request.outcome = { over: true };
      conversation.touch(item);
    }
  }
}

/** The passage or thought that is being written ends when something else begins. */
export function closeText(conversation) {
  for (const key of ["passage", "thought"]) {
    const item = conversation[key];
    if (item) {
      item.open = false;
      conversation[key] = null;
      conversation.touch(item);
    }
  }
}
