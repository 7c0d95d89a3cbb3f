package dev.concert.bridges.platform;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is given, each event once; may refuse it a few times. */
public final class KeptInbox implements ChatInbox {
  public final List<InboundEvent> events = new CopyOnWriteArrayList<>();
  public volatile String bookmark;
  public volatile int refusals;

  @Override
  public Future<Void> receive(List<InboundEvent> received) {
    if (refusals > 0) {
      refusals--;
      return Future.failedFuture("the disk is full");
    }
    received.stream()
        .filter(one -> events.stream().noneMatch(two -> two.eventId().equals(one.eventId())))
        .forEach(events::add);
    return Future.succeededFuture();
  }

  @Override
  public Future<Optional<String>> bookmark() {
    return Future.succeededFuture(Optional.ofNullable(bookmark));
  }

  @Override
  public Future<Void> keep(String kept) {
    bookmark = kept;
    return Future.succeededFuture();
  }

  /** What people said, in order. */
  public List<String> texts() {
    return events.stream().map(InboundEvent::text).toList();
  }
}
