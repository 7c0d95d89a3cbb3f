package dev.concert.gateway.auth.address;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Future;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;

class AuthenticationRateTest {
  private static final InetAddress ONE = InetAddress.ofLiteral("203.0.113.9");
  private static final InetAddress OTHER = InetAddress.ofLiteral("203.0.113.10");

  private long now = Long.MAX_VALUE - 5;
  private final AuthenticationRate rate = new AuthenticationRate(() -> now);

  private Future<String> attempt(InetAddress address, ErrorCode refusal) {
    return rate.limit(address, () -> Future.failedFuture(new ConcertException(refusal, "No.")));
  }

  private Future<String> good(InetAddress address) {
    return rate.limit(address, () -> Future.succeededFuture("ada"));
  }

  private static ErrorCode code(Future<?> refused) {
    return ((ConcertException) refused.cause()).code();
  }

  private void exhaust(InetAddress address) {
    for (int i = 0; i < AuthenticationRate.FAILURES; i++) {
      assertThat(code(attempt(address, ErrorCode.AUTH_FAILED))).isEqualTo(ErrorCode.AUTH_FAILED);
    }
  }

  @Test
  void anAddressThatGuessesHasToWait() {
    exhaust(ONE);

    ConcertException refusal = (ConcertException) good(ONE).cause();

    assertThat(refusal.code()).isEqualTo(ErrorCode.AUTH_RATE_LIMITED);
    assertThat(refusal.retryAfterMs()).isBetween(2_990L, 3_010L);
    assertThat(good(OTHER).succeeded()).isTrue();
    now += refusal.retryAfterMs() * 1_000_000;
    assertThat(good(ONE).succeeded()).isTrue();
    assertThat(code(attempt(ONE, ErrorCode.AUTH_FAILED))).isEqualTo(ErrorCode.AUTH_FAILED);
    assertThat(code(good(ONE))).isEqualTo(ErrorCode.AUTH_RATE_LIMITED);
  }

  @Test
  void goodCredentialsAndAnIssuerThatIsDownDoNotCount() {
    for (int i = 0; i < 1_000; i++) {
      assertThat(good(ONE).succeeded()).isTrue();
      assertThat(code(attempt(ONE, ErrorCode.ISSUER_UNAVAILABLE)))
          .isEqualTo(ErrorCode.ISSUER_UNAVAILABLE);
    }
  }

  @Test
  void anIpv6NetworkCountsAsOneAddress() {
    exhaust(InetAddress.ofLiteral("2001:db8::1"));

    assertThat(code(good(InetAddress.ofLiteral("2001:db8::ffff:2"))))
        .isEqualTo(ErrorCode.AUTH_RATE_LIMITED);
    assertThat(good(InetAddress.ofLiteral("2001:db8:0:1::1")).succeeded()).isTrue();
  }
}
