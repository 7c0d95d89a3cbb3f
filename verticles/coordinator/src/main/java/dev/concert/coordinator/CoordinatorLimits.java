package dev.concert.coordinator;

/**
 * What instances may use.
 *
 * @param starts agents that are being started at the same time, on the whole host
 * @param processes processes and threads of the agent, all together
 * @param unacknowledgedEvents events that wait for {@code EventsStored}; above it the coordinator
 *     stops reading from the agent
 * @param unacknowledgedBytes the same, in bytes of their frames
 */
public record CoordinatorLimits(
    int starts, int processes, int unacknowledgedEvents, long unacknowledgedBytes) {
  public static final CoordinatorLimits DEFAULT = new CoordinatorLimits(8, 512, 4096, 8L << 20);

  static CoordinatorLimits from(Settings settings) {
    return new CoordinatorLimits(
        (int) settings.positive("maxStartsAtOnce", DEFAULT.starts, 10_000),
        (int) settings.positive("maxProcesses", DEFAULT.processes, 1_000_000),
        (int)
            settings.positive("maxUnacknowledgedEvents", DEFAULT.unacknowledgedEvents, 10_000_000),
        settings.positive("maxUnacknowledgedBytes", DEFAULT.unacknowledgedBytes, 1L << 32));
  }
}
