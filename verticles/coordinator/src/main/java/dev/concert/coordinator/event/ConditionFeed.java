package dev.concert.coordinator.event;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.nativeagent.NativeEvent;
import dev.concert.workspace.WorkspaceMessages.WorkspaceCondition;
import io.vertx.core.eventbus.MessageConsumer;

/**
 * Brings into the event stream that a workspace is in trouble, and that it is not any more: each
 * once, however often Chronicle says it. Belongs to one event loop.
 */
final class ConditionFeed {
  private final EventStream stream;
  private final MessageConsumer<WorkspaceCondition> announcements;
  private String known = "";

  ConditionFeed(ConcertBus bus, String workspaceId, EventStream stream) {
    this.stream = stream;
    this.announcements = bus.listen(Addresses.WORKSPACE_CONDITION.of(workspaceId), this::announced);
  }

  private void announced(WorkspaceCondition condition) {
    if (condition.code().equals(known)) {
      return;
    }
    known = condition.code();
    stream.emit(
        known.isEmpty()
            ? new NativeEvent.WorkspaceRecovered()
            : new NativeEvent.WorkspaceTrouble(known, condition.message()));
  }

  void close() {
    announcements.unregister();
  }
}
