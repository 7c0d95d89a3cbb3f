package dev.concert.gateway.eventlog;

import dev.concert.error.FailureLog;
import dev.concert.error.Problem;
import dev.concert.gateway.projection.ProjectedStream;
import dev.concert.protocol.SessionEvent;
import io.vertx.core.Context;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber's place in a session's events, which it gets in its own protocol.
 *
 * <p>It knows the number of the last event that it read for the subscriber. While the subscriber is
 * behind, it reads page after page from the log, each after the subscriber has taken in the one
 * before; once it is level, it passes each event on as it is written. So there is no hole and no
 * repeat, and a subscriber that is slow to catch up holds one page in memory, not the session's
 * history. Used on the session's context only.
 */
final class Subscription {
  private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);
  private static final int PAGE = 500;

  /** A page ends when it has this many characters, so that no client is cut off for reading. */
  private static final long PAGE_CHARS = 1L << 20;

  private final SessionLog log;
  private final Context context;
  private final EventSubscriber subscriber;
  private final ProjectedStream projected;
  private long readSeq;
  private boolean live;
  private boolean ended;

  Subscription(SessionLog log, Context context, EventSubscriber subscriber, long afterSeq) {
    this.log = log;
    this.context = context;
    this.subscriber = subscriber;
    this.projected = new ProjectedStream(subscriber.projection(), afterSeq);
    this.readSeq = afterSeq;
  }

  /** A newly written event: passed on now, or when the subscriber has caught up to it. */
  void offer(EventViews views) {
    SessionEvent event = views.event();
    if (live && event.seq() > readSeq) {
      readSeq = event.seq();
      pass(event, projected.next(event, views::in));
    }
  }

  private void pass(SessionEvent event, Optional<String> shown) {
    if (shown.isPresent()) {
      subscriber.event(event, shown.get());
    } else if (subscriber.unknown(event)) {
      projected.cover(event);
    }
  }

  void catchUp() {
    if (ended || subscriber.closed()) {
      return;
    }
    if (readSeq >= log.lastSeq()) {
      live = true;
      return;
    }
    log.readShared(readSeq, PAGE)
        .onSuccess(this::send)
        .onFailure(
            failure -> {
              if (ended) {
                return;
              }
              FailureLog.write(
                  LOG.atError(), "Events could not be read for a client that joined", failure);
              subscriber.failed(Problem.of(failure));
            });
  }

  private void send(List<EventViews> page) {
    if (ended) {
      return;
    }
    long chars = 0;
    for (EventViews views : page) {
      if (chars > PAGE_CHARS) {
        break;
      }
      SessionEvent event = views.event();
      readSeq = event.seq();
      Optional<String> shown = projected.next(event, views::in);
      chars += shown.map(String::length).orElse(0);
      pass(event, shown);
    }
    subscriber.writable().onSuccess(_ -> context.runOnContext(_ -> catchUp()));
  }

  void end() {
    ended = true;
    live = false;
  }
}
