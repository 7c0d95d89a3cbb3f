package dev.concert.ensemble.call;

import java.math.BigDecimal;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Measures the time that Ensemble itself takes for a request.
 *
 * @param arrived when the request arrived, of {@code System.nanoTime()}
 */
public record GatewayLatency(long arrived) {
  private static final int DECIMALS = 3;

  /** For a request that arrives now. */
  public static GatewayLatency begin() {
    return new GatewayLatency(System.nanoTime());
  }

  /**
   * Milliseconds until now, to the microsecond, without the time waiting for a provider.
   *
   * @param call the call of the request; empty if none was made
   */
  public BigDecimal millis(Optional<InferenceCall> call) {
    long elsewhere = call.map(InferenceCall::upstreamNanos).orElse(0L);
    long own = Math.max(0, System.nanoTime() - arrived - elsewhere);
    return BigDecimal.valueOf(TimeUnit.NANOSECONDS.toMicros(own), DECIMALS);
  }
}
