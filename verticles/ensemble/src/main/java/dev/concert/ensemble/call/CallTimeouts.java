package dev.concert.ensemble.call;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The timeouts of one call: the longest silence and the longest duration.
 *
 * <p>A block only notes the time; the timer checks the note when it fires and is set again for the
 * rest, so that ten thousand streams do not set a timer for each token.
 *
 * <p>Not thread-safe: use it on the context it was started on.
 */
final class CallTimeouts {
  /** Which timeout has expired. */
  enum Timeout {
    SILENCE,
    LENGTH
  }

  private final Vertx vertx;
  private final Duration stall;
  private final Consumer<Timeout> onTimeout;
  private final long totalTimer;
  private long stallTimer;
  private long lastBlock = System.nanoTime();
  private boolean suspended;

  CallTimeouts(Vertx vertx, Duration stall, Duration total, Consumer<Timeout> onTimeout) {
    this.vertx = vertx;
    this.stall = stall;
    this.onTimeout = onTimeout;
    this.totalTimer = vertx.setTimer(total.toMillis(), timer -> onTimeout.accept(Timeout.LENGTH));
    this.stallTimer = vertx.setTimer(stall.toMillis(), timer -> check());
  }

  /** A block has arrived. */
  void blockArrived() {
    lastBlock = System.nanoTime();
  }

  /** Silence does not count while Ensemble itself pauses the provider. */
  void suspend() {
    suspended = true;
  }

  void resume() {
    suspended = false;
    blockArrived();
  }

  void stop() {
    vertx.cancelTimer(totalTimer);
    vertx.cancelTimer(stallTimer);
  }

  private void check() {
    long silent = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastBlock);
    long rest = suspended ? stall.toMillis() : stall.toMillis() - silent;
    if (rest <= 0) {
      onTimeout.accept(Timeout.SILENCE);
    } else {
      stallTimer = vertx.setTimer(rest, timer -> check());
    }
  }
}
