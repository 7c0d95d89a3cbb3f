package dev.concert.coordinator.event;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.KeyedListeners;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.WorkspaceCondition;

/**
 * What Chronicle publishes on this node, by workspace. Its listeners run on the context that calls
 * {@link #open}.
 */
public record WorkspaceTopics(
    KeyedListeners<FileChange> changes, KeyedListeners<WorkspaceCondition> conditions) {

  public WorkspaceTopics() {
    this(
        new KeyedListeners<>(FileChange::workspaceId),
        new KeyedListeners<>(WorkspaceCondition::workspaceId));
  }

  /** Starts to listen. The listeners end with the verticle. */
  public void open(ConcertBus bus) {
    bus.listen(Addresses.FILE_CHANGED, changes);
    bus.listen(Addresses.WORKSPACE_CONDITION, conditions);
  }
}
