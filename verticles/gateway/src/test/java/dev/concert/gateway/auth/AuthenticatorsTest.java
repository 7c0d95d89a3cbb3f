package dev.concert.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Role;
import io.vertx.core.Future;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthenticatorsTest {
  private static final Identity PROGRAM = Identity.of("key-1", "", "acme", Role.DEVELOPER);

  /** Knows one token, and where it is asked for another it fails. */
  private record Knows(String token, Identity who) implements Authenticator {
    @Override
    public Optional<Identity> everybody() {
      return Optional.empty();
    }

    @Override
    public Future<Authentication> authenticate(String shown) {
      return shown.equals(token)
          ? Future.succeededFuture(Authentication.lasting(who))
          : Future.failedFuture(new ConcertException(ErrorCode.AUTH_FAILED, "No."));
    }
  }

  @Test
  void theBeginningOfATokenSaysWhoDecidesAboutIt() {
    Authenticators both =
        new Authenticators(
            Map.of("ck_", new Knows("ck_1", PROGRAM)), new DevelopmentAuthenticator());

    assertThat(both.authenticate("ck_1").result().identity()).isEqualTo(PROGRAM);
    assertThat(both.authenticate("eyJ").result().identity().userId()).isEqualTo("dev-user-001");
    assertThat(both.authenticate("ck_2").failed()).isTrue();
    assertThat(both.everybody()).isPresent();
  }
}
