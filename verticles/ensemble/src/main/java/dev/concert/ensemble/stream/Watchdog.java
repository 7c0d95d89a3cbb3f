package dev.concert.ensemble.stream;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Watches one answer for silence and for length.
 *
 * <p>A piece of an answer only notes the time; the timer looks at the note when it fires and sleeps
 * on for the rest, so that ten thousand streams do not re-arm a timer for each token.
 *
 * <p>Not thread-safe: used from the context it was started on.
 */
final class Watchdog {
  /** What has run out. */
  enum Alarm {
    SILENCE,
    LENGTH
  }

  private final Vertx vertx;
  private final Duration stall;
  private final Consumer<Alarm> bark;
  private final long totalTimer;
  private long stallTimer;
  private long lastSign = System.nanoTime();
  private boolean suspended;

  Watchdog(Vertx vertx, Duration stall, Duration total, Consumer<Alarm> bark) {
    this.vertx = vertx;
    this.stall = stall;
    this.bark = bark;
    this.totalTimer = vertx.setTimer(total.toMillis(), timer -> bark.accept(Alarm.LENGTH));
    this.stallTimer = vertx.setTimer(stall.toMillis(), timer -> look());
  }

  /** Something came. */
  void sign() {
    lastSign = System.nanoTime();
  }

  /** Silence does not count while we ourselves hold the provider back. */
  void suspend() {
    suspended = true;
  }

  void goOn() {
    suspended = false;
    sign();
  }

  void stop() {
    vertx.cancelTimer(totalTimer);
    vertx.cancelTimer(stallTimer);
  }

  private void look() {
    long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastSign);
    long rest = suspended ? stall.toMillis() : stall.toMillis() - silent;
    if (rest <= 0) {
      bark.accept(Alarm.SILENCE);
    } else {
      stallTimer = vertx.setTimer(rest, timer -> look());
    }
  }
}
