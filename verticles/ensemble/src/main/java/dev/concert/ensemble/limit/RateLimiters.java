package dev.concert.ensemble.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.Collection;
import java.util.function.LongSupplier;

/**
 * The limiters of all keys and endpoints of this node. One that was not asked for in minutes is
 * forgotten. Thread-safe.
 */
public final class RateLimiters {
  /** Longer than what was used counts. */
  private static final Duration KEPT = Duration.ofMinutes(3);

  private final Cache<String, RateLimiter> limiters =
      Caffeine.newBuilder().expireAfterAccess(KEPT).build();

  private final LongSupplier clockMillis;
  private final long windowMs;
  private final Shares shares;

  private RateLimiters(LongSupplier clockMillis, long windowMs, Shares shares) {
    this.clockMillis = clockMillis;
    this.windowMs = windowMs;
    this.shares = shares;
  }

  /** Of a node that is alone: nobody else counts. */
  public static RateLimiters alone(LongSupplier clockMillis) {
    return new RateLimiters(clockMillis, RateLimiter.WINDOW_MS, Shares.ALONE);
  }

  static RateLimiters sharing(LongSupplier clockMillis, long windowMs, Shares shares) {
    return new RateLimiters(clockMillis, windowMs, shares);
  }

  public RateLimiter ofKey(String keyId) {
    return of("key:" + keyId);
  }

  /** Of calls that only count a prompt. */
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
   * @param what is limited of the admin API
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

  /** What others were told must not be forgotten before they are told otherwise. */
  void keep(RateLimiter limiter) {
    limiters.getIfPresent(limiter.subject());
  }
}
