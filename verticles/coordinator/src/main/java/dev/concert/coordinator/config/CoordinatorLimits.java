package dev.concert.coordinator.config;

import dev.concert.foundation.config.ConfigReader;

/**
 * What instances may use.
 *
 * @param starts agents that are being started at the same time, on the whole host
 * @param agent where the agent's manifest says nothing else
 * @param unacknowledgedEvents events that wait for {@code EventsStored}; above it the coordinator
 *     stops reading from the agent
 * @param unacknowledgedBytes the same, in bytes of their frames
 */
public record CoordinatorLimits(
    int starts, ResourceLimits agent, int unacknowledgedEvents, long unacknowledgedBytes) {
  public static final CoordinatorLimits DEFAULT =
      new CoordinatorLimits(8, ResourceLimits.DEFAULT, 4096, 8L << 20);

  static CoordinatorLimits from(ConfigReader section) {
    return new CoordinatorLimits(
        section.number("maxStartsAtOnce", 1, 10_000, DEFAULT.starts),
        ResourceLimits.from(section.section("resources"), DEFAULT.agent),
        section.number("maxUnacknowledgedEvents", 1, 10_000_000, DEFAULT.unacknowledgedEvents),
        section.longNumber("maxUnacknowledgedBytes", 1, 1L << 32, DEFAULT.unacknowledgedBytes));
  }
}
