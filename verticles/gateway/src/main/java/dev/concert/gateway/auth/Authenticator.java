package dev.concert.gateway.auth;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.openid.TokenClaims;
import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import java.util.Optional;

/** Identifies clients. Thread-safe. */
public interface Authenticator {

  /** The identity of every client that does not authenticate; empty where all must. */
  Optional<Identity> everybody();

  /**
   * Whether a client that shows this token is who the token says: always where clients must
   * authenticate, else only for kinds of token that limit their bearer.
   */
  default boolean decides(String token) {
    return everybody().isEmpty();
  }

  /**
   * Who bears this token, and until when. Fails with {@code AUTH_FAILED} for a bad token; the
   * failure says what is wrong with it and never holds the token.
   */
  Future<Authentication> authenticate(String token);

  /**
   * What a token says of its bearer, who need not be a member yet: for invitations. Fails with
   * {@code AUTH_FAILED} for a bad token, and where tokens of this kind say nothing of that.
   */
  default Future<TokenClaims> claims(String token) {
    return Future.failedFuture(
        new ConcertException(
            ErrorCode.AUTH_FAILED,
            "Invitations are accepted with a token of an identity provider."));
  }
}
