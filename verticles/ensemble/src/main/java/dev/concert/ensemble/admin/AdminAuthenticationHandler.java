package dev.concert.ensemble.admin;

import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.admin.session.SessionCookies;
import dev.concert.ensemble.http.BearerToken;
import dev.concert.ensemble.limit.RateDecision;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.limit.RateLimiter;
import dev.concert.ensemble.limit.RateLimiters;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * Authenticates the admin API by the admin key, or by the sign-in of a browser that has shown it,
 * before the body is read.
 *
 * <p>Limits the rate of requests, and far more strictly the rate of wrong keys from one address, so
 * that keys cannot be guessed.
 */
final class AdminAuthenticationHandler implements Handler<RoutingContext> {
  private static final RateLimit REQUESTS = new RateLimit(1_200, RateLimit.MOST);
  private static final RateLimit WRONG_KEYS = new RateLimit(20, RateLimit.MOST);

  private final Optional<byte[]> hash;
  private final Optional<SessionCookies> sessions;
  private final RateLimiters limiters;

  /**
   * @param key the admin key; empty: the admin API is off
   * @param sessions the sign-ins of browsers, where there is a key
   * @param limiters limits that are not shared with other nodes
   */
  AdminAuthenticationHandler(
      Optional<String> key, Optional<SessionCookies> sessions, RateLimiters limiters) {
    this.hash = key.map(AdminAuthenticationHandler::hash);
    this.sessions = sessions;
    this.limiters = limiters;
  }

  @Override
  public void handle(RoutingContext context) {
    try {
      Optional<String> given = BearerToken.of(context.request());
      if (given.isPresent() || !isSignedIn(context)) {
        check(
            context,
            given.orElseThrow(
                () ->
                    hash.isEmpty()
                        ? off()
                        : new ConcertException(
                            ErrorCode.UNAUTHENTICATED,
                            "Send the admin key: 'Authorization: Bearer …'.")));
      }
      admit(limiters.ofAdmin("requests").reserve(REQUESTS, 0));
      context.next();
    } catch (ConcertException refused) {
      context.fail(refused);
    }
  }

  private boolean isSignedIn(RoutingContext context) {
    return sessions.isPresent() && sessions.get().authenticates(context);
  }

  /**
   * Checks an admin key that somebody has sent.
   *
   * @throws ConcertException {@code FORBIDDEN} if it is wrong or the admin API is off; {@code
   *     AUTH_RATE_LIMITED} after too many wrong ones from the same address
   */
  void check(RoutingContext context, String given) {
    byte[] right = hash.orElseThrow(AdminAuthenticationHandler::off);
    RateLimiter wrong =
        limiters.ofAdmin("wrong:" + context.request().remoteAddress().hostAddress());
    if (!wrong.hasRoom(WRONG_KEYS, 0)) {
      admit(wrong.reserve(WRONG_KEYS, 0));
    }
    if (!MessageDigest.isEqual(right, hash(given))) {
      wrong.reserve(WRONG_KEYS, 0);
      throw new ConcertException(ErrorCode.FORBIDDEN, "This is not the admin key.");
    }
  }

  private static ConcertException off() {
    return new ConcertException(
        ErrorCode.FORBIDDEN,
        "The admin API is off. Start Ensemble with a key in ENSEMBLE_ADMIN_KEY to use it.");
  }

  private static void admit(RateDecision decision) {
    if (decision instanceof RateDecision.Refused refused) {
      throw ConcertException.retryAfter(
          ErrorCode.AUTH_RATE_LIMITED,
          "Too many requests to the admin API in this minute.",
          refused.retryAfterMs());
    }
  }

  /**
   * The same length for every key, so that a comparison takes the same time for every wrong one.
   */
  private static byte[] hash(String key) {
    return TokenHash.of(key).hex().getBytes(StandardCharsets.US_ASCII);
  }
}
