package dev.concert.ensemble.watch;

import dev.concert.error.FailureLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls for changes by other processes, one read at a time.
 *
 * <p>A failed read is logged, and the next one retries. Call all methods on one context; the
 * polling ends with its verticle.
 */
public final class ChangePoller {
  private static final Logger LOG = LoggerFactory.getLogger(ChangePoller.class);

  private final Vertx vertx;
  private final String what;
  private final Duration pause;
  private final Supplier<Future<Void>> read;
  private Future<Void> running = Future.succeededFuture();
  private boolean stopped;

  /**
   * @param what what is read, in the plural, as the log names it
   * @param pause from the end of one read to the next
   */
  public ChangePoller(Vertx vertx, String what, Duration pause, Supplier<Future<Void>> read) {
    this.vertx = vertx;
    this.what = what;
    this.pause = pause;
    this.read = read;
  }

  /** Starts the polling, after one pause. */
  public void start() {
    vertx.setTimer(pause.toMillis(), timer -> next());
  }

  /**
   * Stops the polling. Completes when no read is running, so that its source can be closed; never
   * fails.
   */
  public Future<Void> stop() {
    stopped = true;
    return running;
  }

  private void next() {
    if (stopped) {
      return;
    }
    Promise<Void> over = Promise.promise();
    running = over.future();
    read.get()
        .onFailure(e -> LOG.warn("{} cannot be read: {}", what, FailureLog.reason(e)))
        .onComplete(
            done -> {
              over.complete();
              start();
            });
  }
}
