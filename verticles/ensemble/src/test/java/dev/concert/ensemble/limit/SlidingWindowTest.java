package dev.concert.ensemble.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.lifecycle.BeforeTry;

/** One node, whatever is asked of it and whenever, on a clock that the property plays. */
class SlidingWindowTest {
  private static final long WINDOW = 60_000;
  private static final int MOST_TOKENS = 50;

  private AtomicLong clock;
  private RateLimiter limiter;

  @BeforeTry
  void begin() {
    clock = new AtomicLong(1_700_000_000_123L);
    limiter = new RateLimiter(clock::get);
  }

  /** What was granted, and what of it counts by now. */
  private static final class Call {
    private final long at;
    private final RateReservation reservation;
    private Quota amount;
    private boolean ended;

    Call(long at, RateReservation reservation, long estimate) {
      this.at = at;
      this.reservation = reservation;
      this.amount = new Quota(1, estimate);
    }

    /** The second time nothing may come of it. */
    void end(Random random) {
      long real = random.nextLong(amount.tokens() + 1);
      boolean made = random.nextInt(4) > 0;
      if (made) {
        reservation.settle(real);
      } else {
        reservation.giveBack();
      }
      if (!ended) {
        amount = made ? new Quota(1, real) : Quota.NONE;
        ended = true;
      }
    }
  }

  @Property(tries = 100)
  void noSixtySecondsHaveMoreThanTheLimitWhateverIsSettledOrGivenBack(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 40) int requests,
      @ForAll @IntRange(min = MOST_TOKENS, max = 1_000) int tokens,
      @ForAll @LongRange(min = 1, max = 4_000) long pace) {
    RateLimit limit = new RateLimit(requests, tokens);
    Random random = new Random(seed);
    Deque<Call> calls = new ArrayDeque<>();
    for (int step = 0; step < 500; step++) {
      clock.addAndGet(random.nextInt(20) == 0 ? random.nextLong(WINDOW) : random.nextLong(pace));
      long estimate = random.nextLong(MOST_TOKENS + 1);
      if (limiter.reserve(limit, estimate) instanceof RateDecision.Granted granted) {
        calls.add(new Call(clock.get(), granted.reservation(), estimate));
      }
      calls.stream().skip(random.nextInt(60)).findFirst().ifPresent(call -> call.end(random));
      calls.removeIf(call -> clock.get() - call.at > 3 * WINDOW);
      Quota used =
          calls.stream()
              .filter(call -> clock.get() - call.at < WINDOW)
              .map(call -> call.amount)
              .reduce(Quota.NONE, Quota::plus);
      assertThat(used.fits(limit.amount())).as("%s of %s", used, limit).isTrue();
      assertThat(used.fits(new Quota(limiter.requests(), limiter.tokens())))
          .as("%s are known as %d, %d", used, limiter.requests(), limiter.tokens())
          .isTrue();
    }
  }

  @Property(tries = 50)
  void whoAsksAllTheTimeGetsAtLeastNinetyFiveOfAHundred(
      @ForAll @IntRange(min = 20, max = 2_000) int requests,
      @ForAll @LongRange(min = 1, max = 300) long pace) {
    RateLimit limit = new RateLimit(requests, RateLimit.MOST);
    long begin = clock.get();
    long granted = 0;
    while (clock.get() < begin + 10 * WINDOW) {
      while (limiter.reserve(limit, 1) instanceof RateDecision.Granted) {
        granted++;
      }
      clock.addAndGet(pace);
    }
    assertThat(granted).isGreaterThanOrEqualTo(10L * requests * 95 / 100);
  }

  @Property(tries = 100)
  void whoWaitsAsLongAsToldIsGrantedAndNotAMillisecondBefore(
      @ForAll long seed, @ForAll @LongRange(min = 1, max = 4_000) long pace) {
    RateLimit limit = new RateLimit(10, 200);
    Random random = new Random(seed);
    for (int step = 0; step < 100; step++) {
      long tokens = random.nextLong(MOST_TOKENS);
      if (limiter.reserve(limit, tokens) instanceof RateDecision.Refused refused) {
        clock.addAndGet(refused.retryAfterMs() - 1);
        assertThat(limiter.reserve(limit, tokens)).isInstanceOf(RateDecision.Refused.class);
        clock.addAndGet(1);
        assertThat(limiter.reserve(limit, tokens)).isInstanceOf(RateDecision.Granted.class);
      }
      clock.addAndGet(random.nextLong(pace));
    }
  }
}
