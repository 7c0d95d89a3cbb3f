package dev.concert.gateway.auth;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.context.CallerContext;
import dev.concert.gateway.auth.address.AuthenticationRate;
import dev.concert.gateway.auth.address.TrustedProxies;
import dev.concert.protocol.Identity;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * Who sends an HTTP request: the bearer of {@code Authorization: Bearer}, or, where callers need
 * not authenticate, the identity of everybody. A browser shows the cookie of its sign-in instead,
 * and the CSRF token with what changes something. Futures complete on the request's context.
 */
public record HttpIdentity(
    Authenticator authenticator, AuthenticationRate rate, TrustedProxies proxies) {
  private static final String BEARER = "Bearer ";

  /** Fails with {@code UNAUTHENTICATED}, {@code AUTH_FAILED} or {@code AUTH_RATE_LIMITED}. */
  public Future<Identity> of(HttpServerRequest request) {
    return authentication(request).map(Authentication::identity);
  }

  /** With the time at which a response that goes on has to end. Fails as {@link #of} does. */
  public Future<Authentication> authentication(HttpServerRequest request) {
    Optional<String> token = bearer(request);
    if (token.filter(authenticator::decides).isPresent()) {
      return onThisContext(
          rate.limit(proxies.clientOf(request), () -> authenticator.authenticate(token.get())));
    }
    Optional<String> cookie = SessionCookie.tokenOf(request).filter(authenticator::decides);
    if (token.isEmpty() && cookie.isPresent()) {
      return SessionCookie.isFromThePage(request, cookie.get())
          ? onThisContext(
              rate.limit(proxies.clientOf(request), () -> authenticator.authenticate(cookie.get())))
          : Future.failedFuture(SessionCookie.notFromThePage());
    }
    return authenticator
        .everybody()
        .map(everybody -> Future.succeededFuture(Authentication.lasting(everybody)))
        .orElseGet(
            () ->
                Future.failedFuture(
                    new ConcertException(
                        ErrorCode.UNAUTHENTICATED, "The request has no bearer token.")));
  }

  /** The token of {@code Authorization}, whose scheme may be in any case (RFC 9110). */
  public static Optional<String> bearer(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader("Authorization"))
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(header -> header.substring(BEARER.length()).strip());
  }

  /** The request goes on where it began, wherever the answer comes from. */
  private static <T> Future<T> onThisContext(Future<T> future) {
    Context here = Vertx.currentContext();
    return here == null ? future : new CallerContext(here).complete(future);
  }
}
