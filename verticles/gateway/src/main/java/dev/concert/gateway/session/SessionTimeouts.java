package dev.concert.gateway.session;

import java.time.Duration;

/**
 * How long a session waits for what.
 *
 * @param activation for the agent to be ready
 * @param silence for the next event of a turn while nobody is asked anything
 * @param stop for the coordinator to end a turn that was stopped, before the agent is taken down;
 *     the coordinator itself ends an agent that does not answer within a second
 * @param idle without a turn, before the agent is stopped
 */
public record SessionTimeouts(Duration activation, Duration silence, Duration stop, Duration idle) {
  public static final SessionTimeouts DEFAULT =
      new SessionTimeouts(
          Duration.ofSeconds(60),
          Duration.ofMinutes(30),
          Duration.ofSeconds(5),
          Duration.ofMinutes(15));
}
