package dev.concert.ensemble.stream;

import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The calls under way, and what becomes of them when Ensemble stops: no new one is made, those that
 * are open have some time to end, and what is left then is told that it was cut.
 *
 * <p>Not thread-safe: lives on the context of the verticle.
 */
public final class OpenCalls {
  /** By then a balancer asks somebody else, and a supervisor has started us again. */
  private static final long RETRY_AFTER_MS = 1_000;

  private final Set<RunningCall> open = new HashSet<>();
  private final Promise<Void> none = Promise.promise();
  private int beginning;
  private boolean stopping;
  private boolean cutting;

  /** Whether no more calls are made. */
  public boolean stopping() {
    return stopping;
  }

  /** What those hear who ask now; they may ask again, another node or a later moment. */
  public static Problem goingAway() {
    return new Problem(
        ErrorCode.ENSEMBLE_UNAVAILABLE,
        "Ensemble is stopping and takes no more calls.",
        RETRY_AFTER_MS);
  }

  /** Makes a call and knows of it until its client has heard of its end. */
  Future<RunningCall> make(Supplier<Future<RunningCall>> call) {
    if (stopping) {
      return Future.failedFuture(goingAway().toException());
    }
    beginning++;
    return call.get()
        .onComplete(
            made -> {
              beginning--;
              if (made.succeeded()) {
                begun(made.result());
              } else {
                look();
              }
            });
  }

  private void begun(RunningCall call) {
    open.add(call);
    call.told().onComplete(ended -> left(call));
    if (cutting) {
      call.cutAtStop();
    }
  }

  private void left(RunningCall call) {
    open.remove(call);
    look();
  }

  private void look() {
    if (stopping && beginning == 0 && open.isEmpty()) {
      none.tryComplete();
    }
  }

  /**
   * Makes no more calls.
   *
   * @param patience how long those under way may go on; at its end they fail with {@code
   *     ENSEMBLE_UNAVAILABLE}, and what they cost so far is in the books
   * @return completes when none is left
   */
  public Future<Void> stop(Vertx vertx, Duration patience) {
    stopping = true;
    look();
    if (!none.future().isComplete()) {
      long timer = vertx.setTimer(Math.max(1, patience.toMillis()), late -> cut());
      none.future().onComplete(ended -> vertx.cancelTimer(timer));
    }
    return none.future();
  }

  private void cut() {
    cutting = true;
    List.copyOf(open).forEach(RunningCall::cutAtStop);
  }
}
