"""Sub-agents: parts of a task that are done in a conversation of their own, inside the parent's turn and process."""
