package dev.concert.gateway.auth;

import dev.concert.foundation.openid.TokenClaims;
import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;

/**
 * Several kinds of credential: the beginning of a token says which kind it is.
 *
 * @param byPrefix such as {@code ck_}, the beginning of an API key
 * @param otherwise for every other token; it also decides whether clients must authenticate
 */
public record Authenticators(Map<String, Authenticator> byPrefix, Authenticator otherwise)
    implements Authenticator {

  @Override
  public Optional<Identity> everybody() {
    return otherwise.everybody();
  }

  @Override
  public boolean decides(String token) {
    return otherwise.decides(token) || byPrefix.keySet().stream().anyMatch(token::startsWith);
  }

  @Override
  public Future<Authentication> authenticate(String token) {
    return of(token).authenticate(token);
  }

  @Override
  public Future<TokenClaims> claims(String token) {
    return of(token).claims(token);
  }

  private Authenticator of(String token) {
    return byPrefix.entrySet().stream()
        .filter(kind -> token.startsWith(kind.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }
}
