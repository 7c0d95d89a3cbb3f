package dev.concert.gateway.billing;

import dev.concert.error.Problem;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

/** The credit that a turn in progress holds. Thread-safe. */
public final class HeldCredit {
  private final Runnable settle;
  private final AtomicBoolean ended = new AtomicBoolean();
  private final AtomicReference<Problem> refusal = new AtomicReference<>();

  /**
   * @param settle settles it in the background
   */
  HeldCredit(Runnable settle) {
    this.settle = settle;
  }

  /** The turn is over: its calls are charged and the rest is released, now or later. */
  public void turnEnded() {
    if (ended.compareAndSet(false, true)) {
      settle.run();
    }
  }

  boolean isEnded() {
    return ended.get();
  }

  /** A model call was refused for want of credit. */
  void refused(Problem problem) {
    refusal.set(problem);
  }

  /** Why a model call of the turn was refused, if one was. */
  public Optional<Problem> refusal() {
    return Optional.ofNullable(refusal.get());
  }
}
