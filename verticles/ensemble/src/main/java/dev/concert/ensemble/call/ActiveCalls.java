package dev.concert.ensemble.call;

import dev.concert.ensemble.access.Caller;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The calls in progress, and their drain when Ensemble stops: no new call is made, open calls have
 * some time to end, and the rest is cut off with an error.
 *
 * <p>Not thread-safe: lives on the context of the verticle.
 */
public final class ActiveCalls {
  /** By then a load balancer uses another node, or a supervisor has restarted this one. */
  private static final long RETRY_AFTER_MS = 1_000;

  private final Set<InferenceCall> open = new HashSet<>();
  private final Promise<Void> none = Promise.promise();
  private int starting;
  private boolean stopping;
  private boolean cutting;

  /** Whether new calls are refused. */
  public boolean stopping() {
    return stopping;
  }

  /** The error for new calls; clients may retry later or at another node. */
  public static Problem goingAway() {
    return new Problem(
        ErrorCode.ENSEMBLE_UNAVAILABLE,
        "Ensemble is stopping and accepts no new calls.",
        RETRY_AFTER_MS);
  }

  /** Starts a call and keeps it until its client has received its end. */
  public Future<InferenceCall> start(Supplier<Future<InferenceCall>> call) {
    if (stopping) {
      return Future.failedFuture(goingAway().toException());
    }
    starting++;
    return call.get()
        .onComplete(
            made -> {
              starting--;
              if (made.succeeded()) {
                started(made.result());
              } else {
                checkDrained();
              }
            });
  }

  private void started(InferenceCall call) {
    open.add(call);
    call.ended().onComplete(ended -> finished(call));
    if (cutting) {
      call.cutOff();
    }
  }

  private void finished(InferenceCall call) {
    open.remove(call);
    checkDrained();
  }

  private void checkDrained() {
    if (stopping && starting == 0 && open.isEmpty()) {
      none.tryComplete();
    }
  }

  /**
   * Refuses new calls and waits for those in progress.
   *
   * @param timeout how long calls in progress may go on; then they fail with {@code
   *     ENSEMBLE_UNAVAILABLE}, and the usage ledger records what they cost so far
   * @return completes when no call is left
   */
  public Future<Void> stop(Vertx vertx, Duration timeout) {
    stopping = true;
    checkDrained();
    if (!none.future().isComplete()) {
      long timer = vertx.setTimer(Math.max(1, timeout.toMillis()), late -> cut());
      none.future().onComplete(ended -> vertx.cancelTimer(timer));
    }
    return none.future();
  }

  /** Ends the calls of callers who may not call any more. */
  public void revoke(Predicate<Caller> isRevoked) {
    List.copyOf(open).stream()
        .filter(call -> isRevoked.test(call.caller()))
        .forEach(InferenceCall::revoke);
  }

  private void cut() {
    cutting = true;
    List.copyOf(open).forEach(InferenceCall::cutOff);
  }
}
