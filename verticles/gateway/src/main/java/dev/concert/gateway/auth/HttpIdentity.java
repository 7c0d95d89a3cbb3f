package dev.concert.gateway.auth;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;

/** Who sends an HTTP request: by {@code Authorization: Bearer}, unless everybody is somebody. */
public record HttpIdentity(Authenticator authenticator) {
  private static final String BEARER = "Bearer ";

  /**
   * Fails with {@code UNAUTHENTICATED} or {@code FORBIDDEN}.
   *
   * @param needed what the request needs
   */
  public Future<Identity> of(HttpServerRequest request, Permission needed) {
    return identify(request)
        .compose(
            who ->
                who.permissions().contains(needed)
                    ? Future.succeededFuture(who)
                    : Future.failedFuture(
                        new ConcertException(
                            ErrorCode.FORBIDDEN,
                            "You lack the permission '" + needed.wireName() + "'.")));
  }

  private Future<Identity> identify(HttpServerRequest request) {
    if (authenticator.everybody().isPresent()) {
      return Future.succeededFuture(authenticator.everybody().get());
    }
    String authorization = request.getHeader("Authorization");
    return authorization == null || !authorization.startsWith(BEARER)
        ? Future.failedFuture(
            new ConcertException(ErrorCode.UNAUTHENTICATED, "The request has no bearer token."))
        : authenticator.authenticate(authorization.substring(BEARER.length()));
  }
}
