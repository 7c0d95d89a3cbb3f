package dev.concert.coordinator.event;

import dev.concert.protocol.ServerEvent;
import dev.concert.workspace.WorkspaceMessages.WorkspaceCondition;

/**
 * Adds the health of a workspace to the event stream: each change once, however often Chronicle
 * reports it. Belongs to one event loop.
 */
final class HealthFeed {
  private final ReplayBuffer stream;
  private final Runnable removal;
  private String known = "";

  HealthFeed(WorkspaceTopics topics, String workspaceId, ReplayBuffer stream) {
    this.stream = stream;
    this.removal = topics.conditions().set(workspaceId, this::announced);
  }

  private void announced(WorkspaceCondition condition) {
    if (condition.code().equals(known)) {
      return;
    }
    known = condition.code();
    stream.emit(
        known.isEmpty()
            ? new ServerEvent.SandboxReady()
            : new ServerEvent.Error(known, condition.message(), null));
  }

  void close() {
    removal.run();
  }
}
