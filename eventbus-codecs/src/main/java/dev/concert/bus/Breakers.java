package dev.concert.bus;

import io.vertx.circuitbreaker.CircuitBreaker;
import io.vertx.circuitbreaker.CircuitBreakerOptions;
import io.vertx.circuitbreaker.OpenCircuitException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A circuit breaker for each destination on the bus: a service, or a service on one node.
 *
 * <p>Five requests in a row that got no answer open it. Then every request fails at once, until
 * after the pause one is let through; its success closes the breaker. A refusal is an answer.
 * Thread-safe.
 */
public final class Breakers {
  private static final int FAILURES = 5;
  private static final Duration PAUSE = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Duration pause;
  private final Map<String, Breaker> breakers = new ConcurrentHashMap<>();

  public Breakers(Vertx vertx) {
    this(vertx, PAUSE);
  }

  /**
   * @param pause from the opening of a breaker to the next request
   */
  public Breakers(Vertx vertx, Duration pause) {
    this.vertx = vertx;
    this.pause = pause;
  }

  /** Sends a request, unless the breaker of its destination is open. */
  <T> Future<T> guard(String destination, Supplier<Future<T>> request) {
    return breakers
        .computeIfAbsent(destination, name -> new Breaker(vertx, name, pause))
        .run(request);
  }

  /** A request was not sent, because the breaker is open. */
  static final class OpenException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final long retryAfterMs;

    private OpenException(long retryAfterMs) {
      super("The circuit breaker is open", null, false, false);
      this.retryAfterMs = retryAfterMs;
    }

    long retryAfterMs() {
      return retryAfterMs;
    }
  }

  private static final class Breaker {
    private final CircuitBreaker breaker;
    private final Duration pause;
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicLong openedAt = new AtomicLong();

    Breaker(Vertx vertx, String name, Duration pause) {
      this.pause = pause;
      this.breaker =
          CircuitBreaker.create(
                  name,
                  vertx,
                  new CircuitBreakerOptions()
                      // Failures in a row are counted here: Vert.x counts those of a time window.
                      .setMaxFailures(1)
                      .setResetTimeout(pause.toMillis())
                      // Each request has a timeout of its own.
                      .setTimeout(-1)
                      .setNotificationAddress(null))
              .openHandler(_ -> openedAt.set(System.nanoTime()));
      breaker.<Object>failurePolicy(this::opens);
    }

    private boolean opens(Future<Object> answer) {
      if (answer.failed()
          && answer.cause() instanceof ReplyException failure
          && failure.failureType() != ReplyFailure.RECIPIENT_FAILURE) {
        return failures.incrementAndGet() >= FAILURES;
      }
      failures.set(0);
      return false;
    }

    <T> Future<T> run(Supplier<Future<T>> request) {
      return breaker
          .execute(request)
          .recover(
              failure ->
                  Future.failedFuture(
                      failure instanceof OpenCircuitException
                          ? new OpenException(retryAfterMs())
                          : failure));
    }

    private long retryAfterMs() {
      Duration open = Duration.ofNanos(System.nanoTime() - openedAt.get());
      return Math.clamp(pause.minus(open).toMillis(), 1, pause.toMillis());
    }
  }
}
