package dev.concert.ensemble.stream;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * How long Ensemble itself takes for something that was asked.
 *
 * @param arrived when it arrived, of {@code System.nanoTime()}
 */
public record OwnTime(long arrived) {
  private static final int MICROS_BEHIND_THE_POINT = 3;

  /** Of what arrives now. */
  public static OwnTime begin() {
    return new OwnTime(System.nanoTime());
  }

  /**
   * Milliseconds until now, to the microsecond, without the time in which a provider was waited
   * for.
   *
   * @param call which was made for it; empty where there is none
   */
  public BigDecimal millis(Optional<RunningCall> call) {
    long elsewhere = call.map(RunningCall::upstreamNanos).orElse(0L);
    long own = Math.max(0, System.nanoTime() - arrived - elsewhere);
    return BigDecimal.valueOf(TimeUnit.NANOSECONDS.toMicros(own), MICROS_BEHIND_THE_POINT);
  }
}
