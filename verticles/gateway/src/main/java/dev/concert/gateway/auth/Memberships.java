package dev.concert.gateway.auth;

import dev.concert.foundation.openid.TokenClaims;
import dev.concert.protocol.Identity;
import io.vertx.core.Future;

/** Knows the members of tenants. Thread-safe. */
public interface Memberships {

  /**
   * Who the bearer of a verified token is in the tenant that it names: the role comes from the
   * tenant's registry, never from the token. Fails with {@code AUTH_FAILED} where the bearer is no
   * member, with the same words as for a tenant that does not exist.
   */
  Future<Identity> identify(TokenClaims claims);

  /**
   * The same for who was identified before: as cheap as it can be where many are asked about at
   * once.
   */
  default Future<Identity> identifyAgain(TokenClaims claims) {
    return identify(claims);
  }
}
