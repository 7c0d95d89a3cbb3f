package dev.concert.automations.run;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.foundation.client.GatewayClient.SessionEvents;
import dev.concert.foundation.lease.LeaseLostException;
import dev.concert.foundation.retry.Backoff;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Reads the events of a turn that a run needs beside its own, until the turn ends or its time is
 * over. A gateway that does not answer is asked again until then. On one context.
 */
final class TurnEvents {
  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), 0.3);

  /** A retry does not help with these. */
  private static final Set<ErrorCode> FINAL =
      Set.of(ErrorCode.SESSION_NOT_FOUND, ErrorCode.AUTH_FAILED, ErrorCode.FORBIDDEN);

  private final Vertx vertx;
  private final LongFunction<Future<SessionEvents>> pages;
  private final Supplier<Future<JsonNode>> stop;
  private final BooleanSupplier isLate;
  private final TurnWatch watch;
  private final Promise<TurnWatch> over = Promise.promise();
  private Function<TurnWatch.Step, Future<Void>> react = _ -> Future.succeededFuture();
  private long seq;
  private int failures;

  /**
   * @param pages gives the next events after the one with this number
   * @param stop stops the turn
   * @param isLate whether the turn's time is over
   * @param watch receives the events
   */
  TurnEvents(
      Vertx vertx,
      LongFunction<Future<SessionEvents>> pages,
      Supplier<Future<JsonNode>> stop,
      BooleanSupplier isLate,
      TurnWatch watch) {
    this.vertx = vertx;
    this.pages = pages;
    this.stop = stop;
    this.isLate = isLate;
    this.watch = watch;
  }

  /**
   * Reads until the turn ends. Call it once.
   *
   * @param reaction to what an event asks for
   * @return completes when the turn ends. If the time is over first, the turn is stopped and the
   *     watch has no end. Fails if the owner may not read the session, or if this node no longer
   *     works for the tenant.
   */
  Future<TurnWatch> untilEnd(Function<TurnWatch.Step, Future<Void>> reaction) {
    react = reaction;
    next();
    return over.future();
  }

  /** One page after the other; a chain of futures would grow with the length of the turn. */
  private void next() {
    if (watch.end().isPresent()) {
      over.complete(watch);
    } else if (isLate.getAsBoolean()) {
      stop.get().otherwiseEmpty().map(watch).onComplete(over);
    } else {
      pages
          .apply(seq)
          .compose(page -> take(page.events()))
          .onComplete(
              _ -> {
                failures = 0;
                // On the context, not on the stack of the answer.
                vertx.runOnContext(_ -> next());
              },
              this::failed);
    }
  }

  private Future<Void> take(List<JsonNode> events) {
    Future<Void> all = Future.succeededFuture();
    for (JsonNode event : events) {
      seq = Math.max(seq, event.path("seq").asLong());
      Optional<TurnWatch.Step> step = watch.add(event);
      if (step.isPresent()) {
        all = all.compose(_ -> react.apply(step.get()));
      }
    }
    return all;
  }

  private void failed(Throwable failure) {
    if (failure instanceof LeaseLostException || FINAL.contains(Problem.of(failure).code())) {
      over.fail(failure);
    } else {
      failures++;
      vertx.setTimer(BACKOFF.after(failures).toMillis(), _ -> next());
    }
  }
}
