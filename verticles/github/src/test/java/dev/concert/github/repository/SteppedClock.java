package dev.concert.github.repository;

import dev.concert.github.api.PauseClock;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test moves. Pauses between writes are over at once and move it, too. */
final class SteppedClock implements PauseClock, InstantSource {
  private Instant now = Instant.now();

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public Instant instant() {
    return now();
  }

  @Override
  public Future<Void> pause(Duration time) {
    step(time.isPositive() ? time : Duration.ZERO);
    return Future.succeededFuture();
  }

  synchronized void step(Duration time) {
    now = now.plus(time);
  }
}
