package dev.concert.gateway.auth;

import dev.concert.protocol.Identity;
import io.vertx.core.Future;
import java.util.Optional;

/** Tells who a client is. */
public interface Authenticator {

  /** Who everybody is without saying so; empty where clients must authenticate. */
  Optional<Identity> everybody();

  /** Who the bearer of this token is. Fails with {@code AUTH_FAILED} when the token is not good. */
  Future<Identity> authenticate(String token);
}
