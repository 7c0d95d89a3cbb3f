package dev.concert.coordinator.event;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.workspace.WorkspaceMessages.ChangesSince;
import dev.concert.workspace.WorkspaceMessages.FileChange;
import dev.concert.workspace.WorkspaceMessages.FileChanges;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.Comparator;

/**
 * Adds the changes of a workspace to the event stream: each once, in order, without holes. A hole
 * in Chronicle's announcements is filled by a request. While the stream is full nothing is added;
 * the missing changes are requested when there is room. The workspace's health comes with them.
 * Belongs to one event loop.
 */
public final class WorkspaceFeed {
  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final ConcertBus bus;
  private final String workspaceId;
  private final ReplayBuffer stream;
  private final Runnable removal;
  private final HealthFeed condition;
  private long last;
  private long announced;
  private boolean askAgain;
  private Future<Void> asking = Future.succeededFuture();

  /**
   * @param last sequence number of the last change that does not concern this stream
   */
  public WorkspaceFeed(
      ConcertBus bus, WorkspaceTopics topics, String workspaceId, ReplayBuffer stream, long last) {
    this.bus = bus;
    this.workspaceId = workspaceId;
    this.stream = stream;
    this.last = last;
    this.announced = last;
    this.removal = topics.changes().set(workspaceId, this::announced);
    this.condition = new HealthFeed(topics, workspaceId, stream);
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

  /** Adds what was announced while the stream was full. */
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
    return bus.request(Addresses.CHANGES_SINCE, new ChangesSince(workspaceId, last), TIMEOUT)
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
    stream.emit(CoordinatorEvents.of(change));
  }

  /** Sequence number of the last change that is in the stream. */
  public long last() {
    return last;
  }

  public void close() {
    removal.run();
    condition.close();
  }
}
