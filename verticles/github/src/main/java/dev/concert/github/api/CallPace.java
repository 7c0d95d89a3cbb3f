package dev.concert.github.api;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The pace at which one connection may call its forge: writes one after the other and a second
 * apart, and no call while the forge wants none. On one context.
 *
 * <p>Source: https://docs.github.com/rest/using-the-rest-api/best-practices-for-using-the-rest-api
 */
final class CallPace {
  private static final Duration BETWEEN_WRITES = Duration.ofSeconds(1);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(60);
  private static final Duration LONGEST_PAUSE = Duration.ofHours(1);
  private static final int MAX_WAITING = 1000;

  private final ForgeTerms forge;
  private final PauseClock clock;
  private Future<?> lastWrite = Future.succeededFuture();
  private Instant nextWrite = Instant.MIN;
  private Instant blocked = Instant.MIN;
  private int refusals;
  private int waiting;

  CallPace(ForgeTerms forge, PauseClock clock) {
    this.forge = forge;
    this.clock = clock;
  }

  /**
   * Makes a call that changes nothing, when the forge takes calls.
   *
   * @param isPatient whether it waits for the end of a limit; otherwise it fails
   */
  <T> Future<T> read(boolean isPatient, Supplier<Future<T>> call) {
    return open(isPatient).compose(_ -> call.get());
  }

  /**
   * Makes a call that changes something, after those before it.
   *
   * @param isPatient whether it waits for the end of a limit; otherwise it fails
   */
  <T> Future<T> write(boolean isPatient, Supplier<Future<T>> call) {
    if (waiting >= MAX_WAITING) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.RATE_LIMITED,
              "Too many calls to %s wait. Try again in a minute.".formatted(forge.title())));
    }
    waiting++;
    Future<T> mine =
        lastWrite
            .transform(_ -> open(isPatient))
            .compose(_ -> clock.pause(Duration.between(clock.now(), later(nextWrite))))
            .compose(_ -> call.get())
            .onComplete(
                _ -> {
                  waiting--;
                  nextWrite = clock.now().plus(BETWEEN_WRITES);
                });
    lastWrite = mine;
    return mine;
  }

  private Instant later(Instant time) {
    return time.isBefore(clock.now()) ? clock.now() : time;
  }

  private Future<Void> open(boolean isPatient) {
    Instant now = clock.now();
    if (!blocked.isAfter(now)) {
      return Future.succeededFuture();
    }
    return isPatient
        ? clock.pause(Duration.between(now, blocked)).compose(_ -> open(true))
        : Future.failedFuture(ForgeException.limited(forge));
  }

  /**
   * The forge refused a call because of a limit.
   *
   * @param named how long it said to wait; empty where it did not
   */
  void limited(Optional<Duration> named) {
    Duration pause =
        named.orElseGet(
            () ->
                FIRST_PAUSE.multipliedBy(1L << Math.min(refusals, 6)).compareTo(LONGEST_PAUSE) > 0
                    ? LONGEST_PAUSE
                    : FIRST_PAUSE.multipliedBy(1L << Math.min(refusals, 6)));
    refusals++;
    Instant until = clock.now().plus(pause);
    if (until.isAfter(blocked)) {
      blocked = until;
    }
  }

  /** The forge took a call. */
  void taken() {
    refusals = 0;
  }
}
