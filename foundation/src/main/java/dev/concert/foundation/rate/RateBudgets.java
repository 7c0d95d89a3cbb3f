package dev.concert.foundation.rate;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The rates of many scopes. A caller takes the next free place of a scope and waits for it; so
 * callers are served in order. Thread-safe.
 *
 * <p>At most {@value #MAX_SCOPES} scopes are remembered, each for an hour after its last use.
 */
public final class RateBudgets {
  private static final int MAX_SCOPES = 100_000;
  private static final String PATIENT = " (patient)";

  private final Vertx vertx;
  private final LongSupplier nanoTime;
  private final long began;
  private final Cache<String, Scope> scopes =
      Caffeine.newBuilder().maximumSize(MAX_SCOPES).expireAfterAccess(Duration.ofHours(1)).build();

  public RateBudgets(Vertx vertx) {
    this(vertx, System::nanoTime);
  }

  RateBudgets(Vertx vertx, LongSupplier nanoTime) {
    this.vertx = vertx;
    this.nanoTime = nanoTime;
    this.began = nanoTime.getAsLong();
  }

  /** Counted from the start, since a nanosecond clock may begin anywhere and overflow. */
  private long now() {
    return nanoTime.getAsLong() - began;
  }

  /** Completes when a call may be made. */
  public Future<Void> permit(String scope, CallRate rate) {
    Duration wait = reserve(scope, rate);
    return wait.isZero() ? Future.succeededFuture() : pause(wait).compose(_ -> unblocked(scope));
  }

  /**
   * Completes when a call may be made that is worth less than others of its scope. Such calls take
   * four fifths of the rate at most, so that others do not wait for all of them.
   */
  public Future<Void> permitPatient(String scope, CallRate rate) {
    return permit(scope + PATIENT, rate.slowed()).compose(_ -> permit(scope, rate));
  }

  /** Takes a place if one is free now. */
  public boolean tryAcquire(String scope, CallRate rate) {
    return scope(scope).tryAcquire(now(), rate);
  }

  /** The service refused further calls of the scope for that time. */
  public void block(String scope, Duration time) {
    scope(scope).block(now() + time.toNanos());
  }

  /** Takes the next free place; it is free after the time that is returned. */
  Duration reserve(String scope, CallRate rate) {
    return Duration.ofNanos(scope(scope).reserve(now(), rate));
  }

  private Future<Void> unblocked(String scope) {
    long wait = scope(scope).blockedFor(now());
    return wait <= 0
        ? Future.succeededFuture()
        : pause(Duration.ofNanos(wait)).compose(_ -> unblocked(scope));
  }

  private Future<Void> pause(Duration time) {
    return vertx
        .timer(Math.max(1, time.plusNanos(999_999).toMillis()), TimeUnit.MILLISECONDS)
        .mapEmpty();
  }

  private Scope scope(String name) {
    return scopes.get(name, _ -> new Scope(now()));
  }

  /** The time at which the calls so far would have been made at an even pace. */
  private static final class Scope {
    private long paid;
    private long blocked;

    private Scope(long now) {
      paid = now;
      blocked = now;
    }

    private synchronized boolean tryAcquire(long now, CallRate rate) {
      boolean isFree = earliest(now, rate) <= now;
      if (isFree) {
        reserve(now, rate);
      }
      return isFree;
    }

    private synchronized long reserve(long now, CallRate rate) {
      long earliest = earliest(now, rate);
      paid = Math.max(paid, earliest) + rate.intervalNanos();
      return Math.max(0, earliest - now);
    }

    private long earliest(long now, CallRate rate) {
      // A burst may be ahead of the even pace by all but one of its calls.
      long pace = paid - rate.intervalNanos() * (rate.calls() - 1);
      return Math.max(now, Math.max(blocked, pace));
    }

    private synchronized void block(long until) {
      if (until - blocked > 0) {
        blocked = until;
      }
    }

    private synchronized long blockedFor(long now) {
      return blocked - now;
    }
  }
}
