package dev.concert.github.work;

import dev.concert.github.api.PauseClock;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A clock whose pauses are over at once, and which tells how long they were. */
final class VirtualClock implements PauseClock, InstantSource {
  private final Vertx vertx;
  private final List<Duration> pauses = new ArrayList<>();
  private Instant now = Instant.now();

  VirtualClock(Vertx vertx) {
    this.vertx = vertx;
  }

  @Override
  public synchronized Instant now() {
    return now;
  }

  @Override
  public Instant instant() {
    return now();
  }

  @Override
  public synchronized Future<Void> pause(Duration time) {
    if (!time.isPositive()) {
      return Future.succeededFuture();
    }
    pauses.add(time);
    now = now.plus(time);
    return vertx.timer(1, TimeUnit.MILLISECONDS).mapEmpty();
  }

  synchronized void advance(Duration time) {
    now = now.plus(time);
  }

  /** The pauses so far, in order. */
  synchronized List<Duration> pauses() {
    return List.copyOf(pauses);
  }
}
