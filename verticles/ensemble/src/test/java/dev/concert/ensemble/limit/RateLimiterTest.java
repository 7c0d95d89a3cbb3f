package dev.concert.ensemble.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final RateLimit LIMIT = new RateLimit(3, 100);

  private final AtomicLong clock = new AtomicLong(6_000_010_000L);
  private final RateLimiter limiter = new RateLimiter(clock::get);

  @Test
  void grantsUpToTheLimitAndSaysWhatIsLeft() {
    RateDecision.Granted first = granted(40);
    RateDecision.Granted second = granted(40);

    assertThat(first.requestsLeft()).isEqualTo(2);
    assertThat(first.tokensLeft()).isEqualTo(60);
    assertThat(second.tokensLeft()).isEqualTo(20);
    assertThat(limiter.reserve(LIMIT, 21)).isEqualTo(new RateDecision.Refused("tokens", 61_000));
    assertThat(limiter.reserve(LIMIT, 20)).isInstanceOf(RateDecision.Granted.class);
    assertThat(limiter.reserve(LIMIT, 0)).isEqualTo(new RateDecision.Refused("requests", 61_000));
  }

  @Test
  void aRefusedCallIsNotCountedAtAll() {
    limiter.reserve(LIMIT, 101);
    granted(60);
    limiter.reserve(LIMIT, 60);

    assertThat(limiter.requests()).isEqualTo(1);
    assertThat(limiter.tokens()).isEqualTo(60);
  }

  @Test
  void aCallThatAloneIsOverTheLimitIsNotToldToWait() {
    assertThat(limiter.reserve(LIMIT, 101)).isEqualTo(new RateDecision.Refused("tokens", 0));
  }

  @Test
  void whatWasUsedCountsForSixtySecondsWhereverTheyBegin() {
    clock.addAndGet(45_000);
    granted(60);
    clock.addAndGet(10_000);
    granted(40);
    clock.addAndGet(50_999);
    assertThat(limiter.reserve(LIMIT, 1)).isEqualTo(new RateDecision.Refused("tokens", 1));
    clock.addAndGet(1);

    assertThat(granted(60).tokensLeft()).isZero();
    assertThat(limiter.reserve(LIMIT, 1)).isEqualTo(new RateDecision.Refused("tokens", 10_000));
  }

  @Test
  void settlingPutsWhatWasUsedInThePlaceOfTheEstimate() {
    RateDecision.Granted call = granted(90);
    call.reservation().settle(10);
    call.reservation().settle(10);
    assertThat(limiter.tokens()).isEqualTo(10);

    granted(10).reservation().settle(500);
    assertThat(limiter.reserve(LIMIT, 1)).isEqualTo(new RateDecision.Refused("tokens", 61_000));
  }

  @Test
  void settlingCountsAtTheTimeAtWhichTheCallBegan() {
    RateDecision.Granted old = granted(40);
    clock.addAndGet(30_000);
    RateDecision.Granted call = granted(50);
    clock.addAndGet(31_000);
    granted(5);
    old.reservation().settle(1);
    call.reservation().settle(20);

    assertThat(limiter.tokens()).isEqualTo(25);
    clock.addAndGet(30_000);
    assertThat(limiter.tokens()).isEqualTo(5);
  }

  @Test
  void whatWasNotMadeIsGivenBackOnce() {
    RateDecision.Granted call = granted(90);
    call.reservation().giveBack();
    call.reservation().giveBack();
    call.reservation().settle(90);

    assertThat(limiter.requests()).isZero();
    assertThat(limiter.tokens()).isZero();
  }

  @Test
  void aClockSetBackForgetsNothing() {
    granted(100);
    clock.addAndGet(-60_000);

    assertThat(limiter.reserve(LIMIT, 1)).isInstanceOf(RateDecision.Refused.class);
  }

  @Test
  void manyAtOnceGetExactlyTheLimit() throws Exception {
    RateLimit limit = new RateLimit(1_000, 5_000);
    for (int minute = 0; minute < 20; minute++) {
      clock.addAndGet(61_000);
      assertThat(grantedAtOnce(limit)).isEqualTo(1_000);
      assertThat(limiter.requests()).isEqualTo(1_000);
      assertThat(limiter.tokens()).isEqualTo(3_000);
    }
  }

  /** Each granted call first takes more tokens than it then uses. */
  private long grantedAtOnce(RateLimit limit) throws Exception {
    try (var threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Long>> clients = new ArrayList<>();
      for (int client = 0; client < 8; client++) {
        clients.add(
            () -> {
              long granted = 0;
              for (int call = 0; call < 500; call++) {
                if (limiter.reserve(limit, 4) instanceof RateDecision.Granted yes) {
                  yes.reservation().settle(3);
                  granted++;
                }
              }
              return granted;
            });
      }
      long sum = 0;
      for (Future<Long> client : threads.invokeAll(clients)) {
        sum += client.get();
      }
      return sum;
    }
  }

  @Test
  void aLimitOutsideItsBoundsIsNamed() {
    assertThatThrownBy(() -> new RateLimit(0, 1)).hasMessageContaining("requests per minute");
    assertThatThrownBy(() -> new RateLimit(1, 1L << 31)).hasMessageContaining("tokens per minute");
  }

  private RateDecision.Granted granted(long tokens) {
    return (RateDecision.Granted) limiter.reserve(LIMIT, tokens);
  }
}
