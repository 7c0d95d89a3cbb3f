package dev.concert.gateway.member;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Gives every refusal the same time. Who is refused by a tenant has its registry opened, read and
 * its audit log written; who names a tenant that does not exist has none of that. Without this the
 * time of the answer would tell the two apart. Thread-safe.
 */
record UniformRefusals(Vertx vertx) {
  /** Longer than what is done of a tenant takes on a busy machine; a person hardly notices it. */
  static final Duration STEP = Duration.ofMillis(250);

  /** As {@code decision}, but a failure comes a whole number of steps after the call. */
  <T> Future<T> of(Supplier<Future<T>> decision) {
    long start = System.nanoTime();
    return decision
        .get()
        .recover(
            failure ->
                vertx
                    .timer(left(System.nanoTime() - start), TimeUnit.NANOSECONDS)
                    .compose(_ -> Future.failedFuture(failure)));
  }

  /** Nanoseconds to the next step, at least one. */
  static long left(long passed) {
    return STEP.toNanos() - passed % STEP.toNanos();
  }
}
