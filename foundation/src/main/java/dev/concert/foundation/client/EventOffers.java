package dev.concert.foundation.client;

import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.bus.Address;
import dev.concert.bus.ConcertBus;
import dev.concert.error.Problem;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the automation engine what happened outside. The engine knows an event that comes again, so
 * one may be offered more than once. Non-blocking.
 */
public final class EventOffers {
  private static final Logger LOG = LoggerFactory.getLogger(EventOffers.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(500), Duration.ofMinutes(1), 0.3);

  /** About ten minutes. */
  private static final int MAX_ATTEMPTS = 16;

  /** So many events may wait for an engine that is away; more are not offered again. */
  private static final int MAX_WAITING = 1000;

  private final Vertx vertx;
  private final ConcertBus bus;
  private int waiting;

  public EventOffers(Vertx vertx, ConcertBus bus) {
    this.vertx = vertx;
    this.bus = bus;
  }

  /** Completes when the engine has the event, or when that was tried for long. Does not fail. */
  public <Q extends Record> Future<Void> offer(Address<Q, EventTaken> address, Q event) {
    return offer(address, event, 1);
  }

  private <Q extends Record> Future<Void> offer(
      Address<Q, EventTaken> address, Q event, int attempt) {
    return bus.request(address, event, TIMEOUT)
        .<Void>mapEmpty()
        .recover(
            failure -> {
              if (attempt == MAX_ATTEMPTS || waiting >= MAX_WAITING) {
                LOG.warn("No automation hears of an event: {}", Problem.of(failure).message());
                return Future.succeededFuture();
              }
              waiting++;
              return vertx
                  .timer(BACKOFF.after(attempt).toMillis(), TimeUnit.MILLISECONDS)
                  .onComplete(_ -> waiting--)
                  .compose(_ -> offer(address, event, attempt + 1));
            });
  }
}
