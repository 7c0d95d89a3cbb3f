package dev.concert.foundation.lease;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands for a name until it is stopped: takes it as soon as it is free, does the work of its
 * holder as long as it has it, and ends that work when it has it no more.
 *
 * <p>It looks each second. A holder that was paused may do something before it looks again: what it
 * changes in a {@link FencedDatabase} is refused there, and before other effects it asks {@link
 * LeaseTerm#verifyHeld}. Everything is on the context that calls {@link #start}.
 */
public final class LeaseCandidate {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseCandidate.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  /** What the holder of a name does. */
  public interface Work {
    /**
     * Begins it, with the epoch of this term in every change. Where it fails, the name is given
     * back and taken again later.
     */
    Future<?> begin(LeaseTerm term);

    /**
     * Ends it, also where it never began wholly. The name is held until then, so what is under way
     * is waited for only in a bounded time.
     */
    Future<?> end();
  }

  private final Vertx vertx;
  private final Lease lease;
  private final String name;
  private final Work work;
  private final Duration interval;
  private Optional<LeaseTerm> term = Optional.empty();
  private Optional<String> holder = Optional.empty();
  private Future<Void> looking = Future.succeededFuture();
  private long timer = -1;
  private boolean isFailing;
  private boolean isUnknown;
  private boolean stopped;

  /**
   * @param name to be held
   */
  public LeaseCandidate(Vertx vertx, Lease lease, String name, Work work) {
    this(vertx, lease, name, work, LOOK);
  }

  LeaseCandidate(Vertx vertx, Lease lease, String name, Work work, Duration interval) {
    this.vertx = vertx;
    this.lease = lease;
    this.name = name;
    this.work = work;
    this.interval = interval;
  }

  /**
   * Looks for the first time; completes when the work has begun, or somebody else holds the name,
   * or nobody can say who does.
   *
   * @return fails where the work cannot begin
   */
  public Future<Void> start() {
    looking = look();
    return looking.onSuccess(
        _ -> {
          if (!stopped) {
            timer = vertx.setPeriodic(interval.toMillis(), _ -> lookAgain());
          }
        });
  }

  /** The term, as long as it is held. */
  public Optional<LeaseTerm> term() {
    return term.filter(LeaseTerm::isHeld);
  }

  /** The node that holds the name, if it is not this one; it may be out of date. */
  public Optional<String> holder() {
    return holder;
  }

  /** Ends the work and gives the name back. */
  public Future<Void> stop() {
    stopped = true;
    vertx.cancelTimer(timer);
    return looking.transform(_ -> giveBack());
  }

  private void lookAgain() {
    if (looking.isComplete() && !stopped) {
      looking = look();
      looking.onComplete(
          looked -> {
            // Once: the next look is a second away.
            if (looked.failed() && !isFailing) {
              LOG.warn("The work of '{}' cannot begin", name, looked.cause());
            }
            isFailing = looked.failed();
          });
    }
  }

  private Future<Void> look() {
    if (term.isEmpty()) {
      return take();
    }
    if (term.get().isHeld()) {
      return Future.succeededFuture();
    }
    LOG.warn("This node does not hold '{}' any more", name);
    return giveBack().compose(_ -> take());
  }

  private Future<Void> take() {
    return vertx
        .executeBlocking(() -> lease.tryAcquire(name), false)
        .onSuccess(_ -> isUnknown = false)
        .compose(taken -> taken.map(this::begin).orElseGet(this::standBy))
        .recover(
            failure ->
                failure instanceof IOException
                    ? unknown((IOException) failure)
                    : Future.failedFuture(failure));
  }

  private Future<Void> begin(LeaseTerm taken) {
    term = Optional.of(taken);
    holder = Optional.empty();
    return work.begin(taken)
        .<Void>mapEmpty()
        .recover(failure -> giveBack().compose(_ -> Future.failedFuture(failure)));
  }

  private Future<Void> standBy() {
    return vertx
        .executeBlocking(() -> lease.holder(name), false)
        .map(
            found -> {
              holder = found;
              return null;
            });
  }

  private Future<Void> unknown(IOException failure) {
    if (!isUnknown) {
      LOG.warn("{}; this node stands by", failure.getMessage());
    }
    isUnknown = true;
    holder = Optional.empty();
    return Future.succeededFuture();
  }

  private Future<Void> giveBack() {
    Optional<LeaseTerm> over = term;
    term = Optional.empty();
    return over.map(
            held ->
                work.end()
                    .transform(
                        _ ->
                            vertx.<Void>executeBlocking(
                                () -> {
                                  held.close();
                                  return null;
                                },
                                false)))
        .orElseGet(Future::succeededFuture);
  }
}
