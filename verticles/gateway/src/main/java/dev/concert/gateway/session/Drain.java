package dev.concert.gateway.session;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the running turns of a gateway that starts no new ones. Any thread. */
public final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final long POLL_MS = 20;

  private final Vertx vertx;
  private final SessionDirectory directory;
  private final Promise<Void> over = Promise.promise();

  public Drain(Vertx vertx, SessionDirectory directory) {
    this.vertx = vertx;
    this.directory = directory;
  }

  /**
   * Completes when no turn runs and what the turns did is stored, or when the time is over.
   *
   * @param time how long turns may go on; zero for not at all
   */
  public Future<Void> run(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    long timer = vertx.setPeriodic(POLL_MS, _ -> poll(deadline));
    return over.future().onComplete(_ -> vertx.cancelTimer(timer)).compose(_ -> directory.settle());
  }

  private void poll(long deadline) {
    long running = directory.runningTurns();
    if (running == 0) {
      over.tryComplete();
    } else if (System.nanoTime() >= deadline && over.tryComplete()) {
      LOG.warn("{} turns did not end in time and are broken off", running);
    }
  }

  /** Waits no longer. */
  public void cutShort() {
    over.tryComplete();
  }
}
