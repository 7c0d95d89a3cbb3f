package dev.concert.github.rule;

import dev.concert.github.webhook.ForgeEvent;
import java.util.Optional;
import java.util.Set;

/**
 * What happens at an event.
 *
 * @param name for people
 * @param event as GitHub names it, such as {@code issues}
 * @param actions of the event; one of them has to fit
 * @param prompt what the agent is asked to do; empty for what the event says
 */
public record WorkRule(
    String name,
    String event,
    Set<String> actions,
    RuleFilter filter,
    Optional<String> prompt,
    RuleTerms terms) {

  /** Whether it is for an event. */
  public boolean matches(ForgeEvent happened) {
    return event.equals(happened.more().event())
        && actions.contains(happened.more().action())
        && filter.matches(happened);
  }
}
