package dev.concert.ensemble.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;

/**
 * The limiters of all keys and endpoints of this node. A limiter that is not used for minutes is
 * evicted. Thread-safe.
 */
public final class RateLimiters {
  /** Longer than the window. */
  private static final Duration KEPT = Duration.ofMinutes(3);

  private final Cache<String, RateLimiter> limiters =
      // Its own work is short; to wake another thread for it costs a call more.
      Caffeine.newBuilder().expireAfterAccess(KEPT).executor(Runnable::run).build();

  private final LongSupplier clockMillis;
  private final long windowMs;
  private final QuotaShares shares;

  private RateLimiters(LongSupplier clockMillis, long windowMs, QuotaShares shares) {
    this.clockMillis = clockMillis;
    this.windowMs = windowMs;
    this.shares = shares;
  }

  /** For a single node. */
  public static RateLimiters alone(LongSupplier clockMillis) {
    return new RateLimiters(clockMillis, RateLimiter.WINDOW_MS, QuotaShares.ALONE);
  }

  static RateLimiters sharing(LongSupplier clockMillis, long windowMs, QuotaShares shares) {
    return new RateLimiters(clockMillis, windowMs, shares);
  }

  public RateLimiter ofKey(String keyId) {
    return of("key:" + keyId);
  }

  /** The limiter of all keys of a team together. */
  public RateLimiter ofTeam(String teamId) {
    return of("team:" + teamId);
  }

  /** The limiter of requests that only count tokens. */
  public RateLimiter ofCounting(String keyId) {
    return of("count:" + keyId);
  }

  /**
   * @param endpoint its name in the configuration
   */
  public RateLimiter ofEndpoint(String endpoint) {
    return of("endpoint:" + endpoint);
  }

  /**
   * @param what the limited part of the admin API
   */
  public RateLimiter ofAdmin(String what) {
    return of("admin:" + what);
  }

  RateLimiter of(String subject) {
    return limiters.get(subject, name -> new RateLimiter(name, clockMillis, windowMs, shares));
  }

  Collection<RateLimiter> all() {
    return limiters.asMap().values();
  }

  /** Keeps a limiter from eviction, because other nodes rely on what it reported. */
  void keep(RateLimiter limiter) {
    limiters.getIfPresent(limiter.subject());
  }
}
