package dev.concert.coordinator.config;

import dev.concert.foundation.config.ConfigReader;
import java.time.Duration;

/**
 * How long the coordinator waits.
 *
 * @param ready for an agent to connect and report {@code ready}, from its start
 * @param interrupt for an agent to obey {@code interrupt}
 * @param shutdown for an agent to obey {@code shutdown}; the coordinator's own stop waits as long
 *     and at most 1 s
 * @param queue for a start until it is its turn; shorter than its asker waits
 * @param service for an answer of Chronicle or Ensemble when an instance is started or stopped
 */
public record CoordinatorTimeouts(
    Duration ready, Duration interrupt, Duration shutdown, Duration queue, Duration service) {
  public static final CoordinatorTimeouts DEFAULT =
      new CoordinatorTimeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofSeconds(45),
          Duration.ofSeconds(10));

  static CoordinatorTimeouts from(ConfigReader section) {
    return new CoordinatorTimeouts(
        duration(section, "readyTimeoutMs", DEFAULT.ready),
        duration(section, "interruptTimeoutMs", DEFAULT.interrupt),
        duration(section, "shutdownTimeoutMs", DEFAULT.shutdown),
        duration(section, "queueTimeoutMs", DEFAULT.queue),
        duration(section, "serviceTimeoutMs", DEFAULT.service));
  }

  private static Duration duration(ConfigReader section, String key, Duration fallback) {
    return section.millis(key, Duration.ofMillis(1), Duration.ofHours(1), fallback);
  }
}
