package dev.concert.ensemble.guardrail;

import dev.concert.foundation.proxy.OutboundProxies;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A guardrail of the configuration.
 *
 * @param name in errors and in the log
 * @param moments when it checks, at least one
 */
public record GuardrailOptions(String name, Set<Moment> moments, Check check) {
  /** When a guardrail checks. */
  public enum Moment {
    /** Before a model is asked. */
    REQUEST,
    /** Before the client receives the answer. */
    ANSWER
  }

  /** What a guardrail does. */
  public sealed interface Check {}

  /**
   * Looks for patterns.
   *
   * @param redacts replaces what it finds; otherwise it stops the call
   */
  public record Patterns(List<TextPattern> patterns, boolean redacts) implements Check {}

  /**
   * Asks a service.
   *
   * @param key that the service wants to see, a secret; {@code toString} does not show it
   * @param timeout for one answer
   * @param passesWithout whether texts pass while the service does not answer
   * @param proxies on the way to the service
   */
  public record Service(
      URI url,
      Optional<String> key,
      Duration timeout,
      boolean passesWithout,
      OutboundProxies proxies)
      implements Check {
    @Override
    public String toString() {
      return "Service[url=" + url + "]";
    }
  }
}
