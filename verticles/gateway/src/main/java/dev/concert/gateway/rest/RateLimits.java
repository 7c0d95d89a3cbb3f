package dev.concert.gateway.rest;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.Identity;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How often a user, or an API key, may call each route, and a chat platform each connection: so
 * many requests at once, which come back evenly within a minute (GCRA). It remembers at most
 * {@value #MAX_REMEMBERED} callers; one that was forgotten starts anew. Thread-safe.
 */
public final class RateLimits {
  static final int MAX_REMEMBERED = 100_000;

  private static final String WEBHOOK = "webhook";
  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final RateLimitOptions options;
  private final LongSupplier nanoTime;

  /** When the caller will have all its requests again. */
  private final Cache<Caller, AtomicLong> full =
      Caffeine.newBuilder()
          .maximumSize(MAX_REMEMBERED)
          .expireAfterAccess(Duration.ofMinutes(2))
          .build();

  private record Caller(String tenantId, String userId, Optional<String> keyId, String operation) {}

  /**
   * Whether a request may go on.
   *
   * @param headers for the reply
   */
  public record Decision(Map<String, String> headers, Optional<ConcertException> refusal) {}

  public RateLimits(RateLimitOptions options) {
    this(options, System::nanoTime);
  }

  RateLimits(RateLimitOptions options, LongSupplier nanoTime) {
    this.options = options;
    this.nanoTime = nanoTime;
  }

  /** Counts a request. One that is refused does not count. */
  public Decision admit(Identity who, String operation) {
    return admit(who, Optional.empty(), operation);
  }

  /**
   * Counts a request. One that is refused does not count.
   *
   * @param keyId of the API key that the user sends; each key has requests of its own
   */
  public Decision admit(Identity who, Optional<String> keyId, String operation) {
    return admit(new Caller(who.tenantId(), who.userId(), keyId, operation));
  }

  private Decision admit(Caller caller) {
    int limit = options.of(caller.operation());
    if (limit == 0) {
      return new Decision(Map.of(), Optional.empty());
    }
    long interval = MINUTE / limit;
    long now = nanoTime.getAsLong();
    AtomicLong fullAt = full.get(caller, _ -> new AtomicLong(now));
    while (true) {
      long before = fullAt.get();
      long after = Math.max(0, before - now) + interval;
      if (after > MINUTE) {
        return refusal(limit, before - now, after - MINUTE);
      }
      if (fullAt.compareAndSet(before, now + after)) {
        return new Decision(headers(limit, (MINUTE - after) / interval, after), Optional.empty());
      }
    }
  }

  /**
   * Counts what a chat platform sends to one connection. What it sends to another one counts by
   * itself, from wherever it comes: all that a platform sends may come from one address.
   */
  public Decision admitWebhook(String platform, String connectionId) {
    return admit(new Caller("", "", Optional.of(platform + "/" + connectionId), WEBHOOK));
  }

  private static Decision refusal(int limit, long untilFull, long wait) {
    long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(wait));
    return new Decision(
        headers(limit, 0, untilFull),
        Optional.of(
            ConcertException.retryAfter(
                ErrorCode.RATE_LIMITED,
                "You sent more than %d such requests in a minute.".formatted(limit),
                millis)));
  }

  private static Map<String, String> headers(int limit, long remaining, long untilFull) {
    return Map.of(
        "RateLimit-Limit", Integer.toString(limit),
        "RateLimit-Remaining", Long.toString(remaining),
        "RateLimit-Reset", Long.toString((untilFull + 999_999_999) / 1_000_000_000));
  }
}
