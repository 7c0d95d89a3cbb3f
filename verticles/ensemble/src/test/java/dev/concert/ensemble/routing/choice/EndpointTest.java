package dev.concert.ensemble.routing.choice;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EndpointTest {
  private final AtomicLong now = new AtomicLong();
  private final AtomicBoolean healthy = new AtomicBoolean(true);
  private final Endpoint endpoint = new Endpoint("a", "provider", healthy::get, now::get);

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
  void isClosedWhileItsBreakerIs() {
    healthy.set(false);
    assertThat(endpoint.open()).isFalse();
  }
}
