package dev.concert.foundation.outbox;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Counts the steps that are under way, so that a stop can wait for them. Once it is closed, no step
 * begins. Thread-safe.
 */
final class StepsUnderWay {
  private final Promise<Void> ended = Promise.promise();
  private int count;
  private boolean closed;

  /**
   * Takes a step.
   *
   * @param otherwise the result where it is closed
   */
  <T> Future<T> take(Supplier<Future<T>> step, T otherwise) {
    if (!begin()) {
      return Future.succeededFuture(otherwise);
    }
    return Future.succeededFuture()
        // Also where it throws, so that its end is seen.
        .compose(_ -> step.get())
        .onComplete(_ -> end());
  }

  private synchronized boolean begin() {
    if (!closed) {
      count++;
    }
    return !closed;
  }

  private void end() {
    if (isLast()) {
      ended.tryComplete();
    }
  }

  private synchronized boolean isLast() {
    count--;
    return closed && count == 0;
  }

  /** Lets no further step begin. */
  synchronized void close() {
    closed = true;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  /**
   * Closes it, and waits for the steps under way.
   *
   * @return fails where they have not ended after that time
   */
  Future<Void> close(Duration most) {
    return isIdleFromNowOn()
        ? Future.succeededFuture()
        : ended.future().timeout(most.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized boolean isIdleFromNowOn() {
    closed = true;
    return count == 0;
  }
}
