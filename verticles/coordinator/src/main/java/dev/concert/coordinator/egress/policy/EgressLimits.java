package dev.concert.coordinator.egress.policy;

import java.time.Duration;

/**
 * What one agent may use of the proxy.
 *
 * @param connections tunnels and requests that are open at once
 * @param lookups names that are resolved at once; further ones wait
 * @param connect for a name to resolve, and again for a connection to be made
 * @param idle for a connection on which nothing moves
 */
public record EgressLimits(int connections, int lookups, Duration connect, Duration idle) {
  public static final EgressLimits DEFAULT =
      new EgressLimits(128, 4, Duration.ofSeconds(10), Duration.ofMinutes(5));
}
