package dev.concert.github.api;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Tells the time, and waits. */
public interface PauseClock {
  Instant now();

  /** Completes after this time; at once where it is zero or less. */
  Future<Void> pause(Duration time);

  /** The clock of the machine. */
  static PauseClock system(Vertx vertx) {
    return new PauseClock() {
      @Override
      public Instant now() {
        return Instant.now();
      }

      @Override
      public Future<Void> pause(Duration time) {
        return time.isPositive()
            ? vertx.timer(time.plusNanos(999_999).toMillis(), TimeUnit.MILLISECONDS).mapEmpty()
            : Future.succeededFuture();
      }
    };
  }
}
