package dev.concert.coordinator.event;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import io.vertx.core.Future;
import io.vertx.core.eventbus.MessageConsumer;
import java.time.Duration;
import java.util.Comparator;

/**
 * Brings a workspace's changes into the event stream: each once, in order, without holes. A hole in
 * what Chronicle announced is filled by asking; while the stream is full nothing is taken over, and
 * all of it is asked for when there is room. Trouble of the workspace comes with them. Belongs to
 * one event loop.
 */
public final class WorkspaceFeed {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final ConcertBus bus;
  private final String workspaceId;
  private final EventStream stream;
  private final MessageConsumer<FileChange> announcements;
  private final ConditionFeed condition;
  private long last;
  private long announced;
  private boolean askAgain;
  private Future<Void> asking = Future.succeededFuture();

  /**
   * @param last sequence number of the last change that does not concern this stream
   */
  public WorkspaceFeed(ConcertBus bus, String workspaceId, EventStream stream, long last) {
    this.bus = bus;
    this.workspaceId = workspaceId;
    this.stream = stream;
    this.last = last;
    this.announced = last;
    this.announcements = bus.listen(Addresses.FILE_CHANGED.of(workspaceId), this::announced);
    this.condition = new ConditionFeed(bus, workspaceId, stream);
  }

  private void announced(FileChange change) {
    announced = Math.max(announced, change.sequence());
    if (stream.isFull() || change.sequence() <= last) {
      return;
    }
    if (!asking.isComplete()) {
      // The answer that is under way may have been made before this change was.
      askAgain = true;
    } else if (change.sequence() == last + 1) {
      take(change);
    } else {
      catchUp();
    }
  }

  /** Takes over what was announced while the stream was full. */
  public void onRoom() {
    if (announced > last) {
      catchUp();
    }
  }

  /**
   * Completes when every change that Chronicle knew of at the time of this call is in the stream.
   * Fails when Chronicle does not answer within a second.
   */
  public Future<Void> catchUp() {
    asking = asking.otherwiseEmpty().compose(earlier -> ask());
    return asking;
  }

  private Future<Void> ask() {
    askAgain = false;
    return bus.request(Addresses.CHANGES_SINCE, new ChangesSince(workspaceId, last), PATIENCE)
        .compose(
            answer -> {
              takeAll(answer);
              boolean more = !answer.changes().isEmpty() && answer.latest() > last;
              return more || askAgain ? ask() : Future.succeededFuture();
            });
  }

  private void takeAll(FileChanges answer) {
    answer.changes().stream()
        .sorted(Comparator.comparingLong(FileChange::sequence))
        .filter(change -> change.sequence() > last)
        .forEach(this::take);
  }

  private void take(FileChange change) {
    last = change.sequence();
    stream.emit(NativeEvents.of(change));
  }

  /** Sequence number of the last change that was taken over. */
  public long last() {
    return last;
  }

  public void close() {
    announcements.unregister();
    condition.close();
  }
}
