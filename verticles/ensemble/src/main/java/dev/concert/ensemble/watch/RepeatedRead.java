package dev.concert.ensemble.watch;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads again and again what another process may have changed, one reading at a time.
 *
 * <p>A reading that fails is logged and the next one tries again. All methods are to be called on
 * one context, with whose verticle it also ends.
 */
public final class RepeatedRead {
  private static final Logger LOG = LoggerFactory.getLogger(RepeatedRead.class);

  private final Vertx vertx;
  private final String what;
  private final Duration pause;
  private final Supplier<Future<Void>> read;
  private Future<Void> running = Future.succeededFuture();
  private boolean stopped;

  /**
   * @param what is read, in the plural, as the log is to name it
   * @param pause from the end of one reading to the next
   */
  public RepeatedRead(Vertx vertx, String what, Duration pause, Supplier<Future<Void>> read) {
    this.vertx = vertx;
    this.what = what;
    this.pause = pause;
    this.read = read;
  }

  /** Reads for the first time after one pause. */
  public void start() {
    vertx.setTimer(pause.toMillis(), timer -> next());
  }

  /**
   * Completes when no reading runs any more, so that what is read may be closed; a failure of the
   * last one is no failure of the stop.
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
        .onFailure(e -> LOG.warn("{} cannot be read: {}", what, e.getMessage()))
        .onComplete(
            done -> {
              over.complete();
              start();
            });
  }
}
