package dev.concert.foundation.clock;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SteadyClockTest {
  @Test
  void beginsAtZeroAndPassesWithTime() {
    long before = SteadyClock.millis();
    assertThat(before).isNotNegative();

    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(5)) {
      Thread.onSpinWait();
    }

    assertThat(SteadyClock.millis()).isGreaterThanOrEqualTo(before + 4);
  }
}
