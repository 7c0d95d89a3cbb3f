package dev.concert.platform;

import dev.concert.error.FailureLog;
import dev.concert.platform.log.ServerLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for services to stop, one after the other, for so long altogether. The log names each that
 * is too slow; it goes on by itself. Blocking, on one thread.
 */
final class ServiceStop {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceStop.class);

  /** Logs nothing but what it cannot stop at the end. */
  private static final String VERTX_DEPLOYMENTS =
      "io.vertx.core.impl.deployment.DefaultDeploymentManager";

  private final long deadline;
  private boolean isClean = true;

  ServiceStop(Duration most) {
    this.deadline = System.nanoTime() + most.toNanos();
  }

  /** Waits for one of them, for so long at most. */
  void await(String name, Future<?> stopped, Duration timeout) {
    long left = Math.max(1, Math.min(timeout.toNanos(), deadline - System.nanoTime()));
    try {
      stopped.toCompletionStage().toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
      return;
    } catch (TimeoutException e) {
      LOG.warn("{} did not stop within {} ms", name, TimeUnit.NANOSECONDS.toMillis(left));
    } catch (ExecutionException e) {
      FailureLog.write(LOG.atWarn(), name + " did not stop well", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    isClean = false;
  }

  /**
   * Closes Vert.x after its services. It stops them all once more, and would log a stack trace for
   * each that stops still.
   */
  void close(Vertx vertx, Duration timeout) {
    if (isClean) {
      await("Vert.x", vertx.close(), timeout);
    } else {
      ServerLog.without(VERTX_DEPLOYMENTS, () -> await("Vert.x", vertx.close(), timeout));
    }
  }

  /** Whether everything stopped well and in time. */
  boolean isClean() {
    return isClean;
  }
}
