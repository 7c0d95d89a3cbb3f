package dev.concert.foundation.retry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class BackoffTest {
  @Test
  void eachFailureDoublesThePauseUpToTheLongest() {
    Backoff backoff = Backoff.of(Duration.ofMillis(100), Duration.ofSeconds(1));
    List<Long> pauses =
        IntStream.rangeClosed(1, 6).mapToObj(n -> backoff.after(n).toMillis()).toList();
    assertThat(pauses).containsExactly(100L, 200L, 400L, 800L, 1000L, 1000L);
  }

  @Test
  void aLongestPauseBelowTheFirstIsTheOnlyOne() {
    Backoff backoff = Backoff.of(Duration.ofSeconds(1), Duration.ofMillis(10));
    assertThat(backoff.after(1)).isEqualTo(Duration.ofMillis(10));
    assertThat(backoff.after(9)).isEqualTo(Duration.ofMillis(10));
  }

  @Test
  void jitterSpreadsThePauses() {
    Backoff backoff = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1), 0.5);
    assertThat(IntStream.range(0, 50).mapToObj(_ -> backoff.after(2)).distinct().count())
        .isGreaterThan(10);
  }

  @Property
  void aPauseIsNeverLongerThanTheLongestNorShorterThanItsJitterAllows(
      @ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 4) long first,
      @ForAll @LongRange(min = 1, max = Long.MAX_VALUE / 4) long more,
      @ForAll @DoubleRange(min = 0, max = 1) double jitter,
      @ForAll @IntRange(min = 1) int failures) {
    Duration longest = Duration.ofNanos(first + more);
    Backoff backoff = new Backoff(Duration.ofNanos(first), longest, jitter);
    Duration pause = backoff.after(failures);
    assertThat(pause).isPositive().isLessThanOrEqualTo(longest.plusNanos(1024));
    assertThat((double) pause.toNanos()).isGreaterThanOrEqualTo(first * (1 - jitter) * 0.999 - 1);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    Duration second = Duration.ofSeconds(1);
    assertThatIllegalArgumentException().isThrownBy(() -> Backoff.of(Duration.ZERO, second));
    assertThatIllegalArgumentException().isThrownBy(() -> Backoff.of(second, Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(second, second, 1.5));
    assertThatIllegalArgumentException().isThrownBy(() -> new Backoff(second, second, Double.NaN));
    assertThatIllegalArgumentException().isThrownBy(() -> Backoff.of(second, second).after(0));
  }
}
