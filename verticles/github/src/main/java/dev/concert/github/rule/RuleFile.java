package dev.concert.github.rule;

import dev.concert.github.webhook.ForgeEvent;
import java.util.List;
import java.util.Optional;

/**
 * A file of rules.
 *
 * @param terms of all work in the repository
 * @param faults what is wrong with it; then it has no rule, and agents get no permission
 */
public record RuleFile(RuleTerms terms, List<WorkRule> rules, List<RuleFault> faults) {
  /** A repository without a file. */
  public static final RuleFile NONE = new RuleFile(RuleTerms.NONE, List.of(), List.of());

  /** A file with mistakes has an unknown meaning, so it allows as little as possible. */
  static RuleFile faulty(List<RuleFault> faults) {
    return new RuleFile(RuleTerms.NONE.narrowed(RulePermission.DENY), List.of(), faults);
  }

  /** The first rule for an event. */
  public Optional<WorkRule> ruleFor(ForgeEvent event) {
    return rules.stream().filter(rule -> rule.matches(event)).findFirst();
  }

  /** On what terms an event starts work. */
  public RuleTerms termsOf(Optional<WorkRule> rule) {
    return rule.map(WorkRule::terms).orElse(terms);
  }
}
