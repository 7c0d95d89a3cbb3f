package dev.concert.ensemble.admin;

import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.api.Bearer;
import dev.concert.ensemble.limit.RateDecision;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Lets a request pass that carries the admin key; runs before its body is read.
 *
 * <p>Requests are limited, and wrong keys by the address they come from much more: nobody tries
 * many.
 */
final class AdminAccess implements Handler<RoutingContext> {
  private static final RateLimit REQUESTS = new RateLimit(1_200, RateLimit.MOST);
  private static final RateLimit WRONG_KEYS = new RateLimit(20, RateLimit.MOST);

  private final Optional<byte[]> hash;
  private final RateLimiters limiters;

  /**
   * @param key empty: there is no admin API
   * @param limiters of this node alone
   */
  AdminAccess(Optional<String> key, RateLimiters limiters) {
    this.hash = key.map(AdminAccess::hash);
    this.limiters = limiters;
  }

  @Override
  public void handle(RoutingContext context) {
    if (hash.isEmpty()) {
      context.fail(
          new ConcertException(
              ErrorCode.FORBIDDEN,
              "The admin API is off: start Ensemble with a key in ENSEMBLE_ADMIN_KEY to use it."));
      return;
    }
    String address = "wrong:" + context.request().remoteAddress().hostAddress();
    if (!limiters.ofAdmin(address).hasRoom(WRONG_KEYS, 0)) {
      refuse(context, limiters.ofAdmin(address).reserve(WRONG_KEYS, 0));
      return;
    }
    Optional<String> given = Bearer.of(context.request());
    if (given.isEmpty()) {
      context.fail(
          new ConcertException(
              ErrorCode.UNAUTHENTICATED, "Send the admin key: 'Authorization: Bearer …'."));
    } else if (!MessageDigest.isEqual(hash.get(), hash(given.get()))) {
      limiters.ofAdmin(address).reserve(WRONG_KEYS, 0);
      context.fail(new ConcertException(ErrorCode.FORBIDDEN, "This is not the admin key."));
    } else {
      refuse(context, limiters.ofAdmin("requests").reserve(REQUESTS, 0));
    }
  }

  private static void refuse(RoutingContext context, RateDecision decision) {
    switch (decision) {
      case RateDecision.Granted granted -> context.next();
      case RateDecision.Refused refused ->
          context.fail(
              ConcertException.retryAfter(
                  ErrorCode.AUTH_RATE_LIMITED,
                  "Too many requests to the admin API in this minute.",
                  refused.retryAfterMs()));
    }
  }

  /** Of equal length for every key, so that comparing takes the same time for every wrong one. */
  private static byte[] hash(String key) {
    return TokenHash.of(key).hex().getBytes(StandardCharsets.US_ASCII);
  }
}
