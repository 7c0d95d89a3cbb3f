package dev.concert.ensemble.routing.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.limit.RateLimiter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProviderEndpointTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicBoolean healthy = new AtomicBoolean(true);
  private final RateLimiter limiter = new RateLimiter(now::get);
  private final ProviderEndpoint endpoint =
      new ProviderEndpoint(
          "a",
          "provider",
          healthy::get,
          now::get,
          new EndpointCapacity(new RateLimit(2, 100), () -> limiter));

  @Test
  void isClosedWhileItRestsAndOpensByItself() {
    endpoint.rest(1000);
    assertThat(endpoint.open()).isFalse();
    assertThat(endpoint.restMillis()).isEqualTo(1000);

    now.set(1000);
    assertThat(endpoint.open()).isTrue();
    assertThat(endpoint.restMillis()).isZero();
  }

  @Test
  void aShorterRestDoesNotEndALongerOne() {
    endpoint.rest(1000);
    endpoint.rest(10);

    assertThat(endpoint.restMillis()).isEqualTo(1000);
  }

  @Test
  void takesCallsUpToItsLimitsAndAgainAMinuteLater() {
    assertThat(endpoint.begin(60)).isPresent();
    assertThat(endpoint.hasRoom(41)).isFalse();
    assertThat(endpoint.begin(41)).isEmpty();
    assertThat(endpoint.underWay()).isEqualTo(1);
    assertThat(endpoint.begin(40)).isPresent();
    assertThat(endpoint.hasRoom(0)).isFalse();
    assertThat(endpoint.waitMillis(0)).isEqualTo(61_000);

    now.set(61_000);
    assertThat(endpoint.hasRoom(100)).isTrue();
    assertThat(endpoint.waitMillis(100)).isZero();
  }

  @Test
  void isClosedWhileItsBreakerIs() {
    healthy.set(false);
    assertThat(endpoint.open()).isFalse();
  }
}
