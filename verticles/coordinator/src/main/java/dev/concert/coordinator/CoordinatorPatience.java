package dev.concert.coordinator;

import java.time.Duration;

/**
 * How long the coordinator waits.
 *
 * @param ready for an agent to connect and report {@code ready}, from its start
 * @param interrupt for an agent to obey {@code interrupt}
 * @param shutdown for an agent to obey {@code shutdown}; the coordinator's own stop waits as long
 *     and at most 1.5 s
 * @param queue for a start until it is its turn; shorter than its asker waits
 * @param service for an answer of Chronicle or Ensemble when an instance is started or stopped
 */
public record CoordinatorPatience(
    Duration ready, Duration interrupt, Duration shutdown, Duration queue, Duration service) {
  public static final CoordinatorPatience DEFAULT =
      new CoordinatorPatience(
          Duration.ofSeconds(10),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(45),
          Duration.ofSeconds(10));

  static CoordinatorPatience from(Settings settings) {
    return new CoordinatorPatience(
        duration(settings, "readyTimeoutMs", DEFAULT.ready),
        duration(settings, "interruptTimeoutMs", DEFAULT.interrupt),
        duration(settings, "shutdownTimeoutMs", DEFAULT.shutdown),
        duration(settings, "queueTimeoutMs", DEFAULT.queue),
        duration(settings, "serviceTimeoutMs", DEFAULT.service));
  }

  private static Duration duration(Settings settings, String key, Duration preset) {
    return Duration.ofMillis(settings.positive(key, preset.toMillis(), 3_600_000));
  }
}
