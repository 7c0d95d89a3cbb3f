package dev.concert.gateway.session;

import java.time.Duration;

/**
 * How long a session waits for what.
 *
 * @param activation for the agent to be ready
 * @param silence for the next event of a turn while nobody is asked anything
 * @param stop for the agent to obey a stop, before it is taken down
 * @param idle without a turn, before the agent is stopped
 */
public record SessionTimes(Duration activation, Duration silence, Duration stop, Duration idle) {
  public static final SessionTimes DEFAULT =
      new SessionTimes(
          Duration.ofSeconds(60),
          Duration.ofMinutes(30),
          Duration.ofSeconds(15),
          Duration.ofMinutes(15));
}
