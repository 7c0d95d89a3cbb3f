package dev.concert.chronicle.service;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Work that is done again and again, never twice at a time, as long as its verticle lives. */
final class PeriodicTask {
  private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);

  private PeriodicTask() {}

  /**
   * Called on the verticle's context.
   *
   * @param first pause before the first time
   */
  static void every(Vertx vertx, Duration first, Duration pause, Supplier<Future<?>> work) {
    AtomicBoolean atWork = new AtomicBoolean();
    vertx.setPeriodic(
        first.toMillis(),
        pause.toMillis(),
        _ -> {
          if (atWork.compareAndSet(false, true)) {
            work.get()
                .onFailure(failure -> LOG.error("A periodic task failed", failure))
                .onComplete(_ -> atWork.set(false));
          }
        });
  }
}
