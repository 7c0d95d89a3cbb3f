package dev.concert.coordinator.egress.policy;

import java.util.List;
import java.util.Optional;

/**
 * Which destinations agents may reach. Pure; thread-safe.
 *
 * @param mode what holds for destinations in general
 * @param allowed the allow-list
 * @param source where a person changes this policy, for the refusal: a setting, or a file
 */
public record EgressPolicy(Mode mode, List<AllowedDestination> allowed, String source) {

  /** What holds for destinations in general. */
  public enum Mode {
    /** Every public destination. */
    OPEN,
    /** Those of the allow-list. */
    ALLOW_LIST,
    /** None at all. */
    NONE
  }

  public EgressPolicy {
    allowed = List.copyOf(allowed);
  }

  /**
   * @param entries see {@link AllowedDestination}
   * @throws IllegalArgumentException when an entry is no destination
   */
  public static EgressPolicy of(Mode mode, List<String> entries, String source) {
    return new EgressPolicy(mode, entries.stream().map(AllowedDestination::parse).toList(), source);
  }

  /**
   * Decides about a name, before anything is resolved.
   *
   * @return why the destination is refused, as a sentence for the agent; empty when it is not
   */
  Optional<String> refusal(Destination wanted) {
    return switch (mode) {
      case OPEN -> Optional.empty();
      case ALLOW_LIST ->
          allowed.stream().anyMatch(entry -> entry.matches(wanted))
              ? Optional.empty()
              : Optional.of(
                  "The egress policy does not allow %s. The operator can add it to the allow-list in %s."
                      .formatted(wanted, source));
      case NONE ->
          Optional.of(
              "The egress policy allows this agent no network. The operator can change it in %s."
                  .formatted(source));
    };
  }

  /** Whether an entry names exactly this host and this port. */
  boolean names(Destination wanted) {
    return allowed.stream().anyMatch(entry -> entry.isExact() && entry.matches(wanted));
  }
}
