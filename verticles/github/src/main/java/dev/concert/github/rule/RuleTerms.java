package dev.concert.github.rule;

import java.util.List;
import java.util.Optional;

/**
 * On what terms work is done.
 *
 * @param agent type of the agent
 * @param setup commands before the checks
 * @param people logins of those who may start work beside the people with write access; what they
 *     start only reads
 */
public record RuleTerms(
    Optional<String> agent,
    List<String> setup,
    List<RuleCheck> checks,
    RulePermission permission,
    List<String> people) {
  /** Terms that say nothing. */
  public static final RuleTerms NONE =
      new RuleTerms(Optional.empty(), List.of(), List.of(), RulePermission.ALLOW, List.of());

  /** Those of a rule within these of the file: what it does not say, the file says. */
  RuleTerms with(RuleTerms rule) {
    return new RuleTerms(
        rule.agent().or(() -> agent),
        rule.setup().isEmpty() ? setup : rule.setup(),
        rule.checks().isEmpty() ? checks : rule.checks(),
        permission.and(rule.permission()),
        rule.people().isEmpty() ? people : rule.people());
  }

  /** The same with no more than this permission. */
  RuleTerms narrowed(RulePermission most) {
    return new RuleTerms(agent, setup, checks, permission.and(most), people);
  }

  /** Whether somebody may start work who may not write. */
  public boolean names(String login) {
    return people.stream().anyMatch(login::equalsIgnoreCase);
  }
}
