package dev.concert.gateway.auth;

import dev.concert.foundation.openid.IssuerClient;
import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.foundation.openid.TokenClaims;
import dev.concert.foundation.openid.TokenVerifier;
import dev.concert.gateway.registry.TenantIds;
import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;

/**
 * Identifies the bearers of an issuer's access tokens.
 *
 * @param clockSkew for which a token is valid after its end
 */
public record JwtAuthenticator(TokenVerifier verifier, Memberships memberships, Duration clockSkew)
    implements Authenticator {
  /** For one answer of the issuer. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  public static JwtAuthenticator of(Vertx vertx, OpenIdOptions options, Memberships memberships) {
    return new JwtAuthenticator(
        new TokenVerifier(
            vertx, options, new IssuerClient(vertx, options, TIMEOUT), TenantIds::isValid),
        memberships,
        options.clockSkew());
  }

  @Override
  public Optional<Identity> everybody() {
    return Optional.empty();
  }

  @Override
  public Future<Authentication> authenticate(String token) {
    return verifier
        .verify(token)
        .compose(claims -> memberships.identify(claims).map(who -> authentication(claims, who)));
  }

  /** Its bearer's role may change, and its bearer may be removed, by any process. */
  private Authentication authentication(TokenClaims claims, Identity who) {
    return new Authentication(
        who,
        claims.expiresAt().map(at -> at.plus(clockSkew)),
        Optional.of(
            () -> memberships.identifyAgain(claims).map(now -> authentication(claims, now))));
  }

  @Override
  public Future<TokenClaims> claims(String token) {
    return verifier.verify(token);
  }
}
