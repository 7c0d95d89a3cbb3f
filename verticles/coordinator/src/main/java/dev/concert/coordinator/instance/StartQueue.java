package dev.concert.coordinator.instance;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Lets a few agents start at a time: a thousand that share the host's processors would all run out
 * of time, where in turn each is ready soon after it began. Those for which a person waits come
 * before those that work in the background. One that waited longer than its asker would is refused
 * without being started. Belongs to one event loop.
 */
public final class StartQueue {
  /** After this an agent that does not get ready no longer holds up those behind it. */
  private static final long SHARE_MS = 2000;

  private final Vertx vertx;
  private final int atOnce;
  private final Duration timeout;
  private final Deque<Runnable> waiting = new ArrayDeque<>();
  private final Deque<Runnable> inBackground = new ArrayDeque<>();
  private int underWay;

  /**
   * @param timeout how long a start may wait for its turn
   */
  public StartQueue(Vertx vertx, int atOnce, Duration timeout) {
    this.vertx = vertx;
    this.atOnce = atOnce;
    this.timeout = timeout;
  }

  /**
   * Runs the start when it is its turn; fails with {@code PODIUM_UNAVAILABLE} when that is late.
   *
   * @param isBackground whether no person waits for it
   */
  <T> Future<T> run(boolean isBackground, Supplier<Future<T>> start) {
    Deque<Runnable> mine = isBackground ? inBackground : waiting;
    Promise<T> promise = Promise.promise();
    if (underWay < atOnce) {
      begin(start, promise);
      return promise.future();
    }
    Runnable[] turn = new Runnable[1];
    long timer =
        vertx.setTimer(
            timeout.toMillis(),
            late -> {
              mine.remove(turn[0]);
              promise.tryFail(
                  new ConcertException(
                      ErrorCode.PODIUM_UNAVAILABLE,
                      "This host has too many agents to start; %d more are waiting."
                          .formatted(waiting.size() + inBackground.size())));
            });
    turn[0] =
        () -> {
          vertx.cancelTimer(timer);
          begin(start, promise);
        };
    mine.addLast(turn[0]);
    return promise.future();
  }

  private <T> void begin(Supplier<Future<T>> start, Promise<T> promise) {
    underWay++;
    Future<T> running;
    try {
      running = start.get();
    } catch (RuntimeException failure) {
      running = Future.failedFuture(failure);
    }
    AtomicBoolean over = new AtomicBoolean();
    long timer = vertx.setTimer(SHARE_MS, late -> next(over));
    running
        .onComplete(promise)
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              next(over);
            });
  }

  private void next(AtomicBoolean over) {
    if (over.compareAndSet(false, true)) {
      underWay--;
      Deque<Runnable> first = waiting.isEmpty() ? inBackground : waiting;
      if (!first.isEmpty()) {
        first.removeFirst().run();
      }
    }
  }
}
