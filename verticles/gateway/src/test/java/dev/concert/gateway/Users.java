package dev.concert.gateway;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.auth.Authentication;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import io.vertx.core.Future;
import java.util.Optional;

/** Everybody authenticates: the token {@code tenant/user} is of that user. */
final class Users implements Authenticator {

  /** The header of a user. */
  static String[] as(String token) {
    return new String[] {"Authorization", "Bearer " + token};
  }

  @Override
  public Optional<Identity> everybody() {
    return Optional.empty();
  }

  @Override
  public Future<Authentication> authenticate(String token) {
    String[] parts = token.split("/");
    if (parts.length != 2 || parts[0].isEmpty() || parts[1].isEmpty()) {
      return Future.failedFuture(new ConcertException(ErrorCode.AUTH_FAILED, "No such token."));
    }
    return Future.succeededFuture(
        Authentication.lasting(
            Identity.of(parts[1], parts[1] + "@example.com", parts[0], Role.OWNER)));
  }
}
