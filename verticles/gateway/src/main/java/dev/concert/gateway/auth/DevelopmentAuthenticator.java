package dev.concert.gateway.auth;

import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import io.vertx.core.Future;
import java.util.Optional;

/** Takes every client for the developer, whatever its token. Only for a developer's machine. */
public final class DevelopmentAuthenticator implements Authenticator {
  private static final Identity DEVELOPER =
      Identity.of("dev-user-001", "developer@example.com", "dev", Role.OWNER);

  @Override
  public Optional<Identity> everybody() {
    return Optional.of(DEVELOPER);
  }

  @Override
  public Future<Authentication> authenticate(String token) {
    return Future.succeededFuture(Authentication.lasting(DEVELOPER));
  }
}
