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
 * @param largeFiles whether the agent's git gets files of Git LFS
 * @param submodules names of other repositories of the owner that the agent's git may read
 * @param source the rule; empty for the terms of a whole file
 */
public record RuleTerms(
    Optional<String> agent,
    List<String> setup,
    List<RuleCheck> checks,
    RulePermission permission,
    List<String> people,
    boolean largeFiles,
    List<String> submodules,
    Optional<RuleSource> source) {
  /** Terms that say nothing. */
  public static final RuleTerms NONE =
      new RuleTerms(
          Optional.empty(),
          List.of(),
          List.of(),
          RulePermission.ALLOW,
          List.of(),
          false,
          List.of(),
          Optional.empty());

  /** Those of a rule within these of the file: what it does not say, the file says. */
  RuleTerms with(RuleTerms rule) {
    return new RuleTerms(
        rule.agent().or(() -> agent),
        rule.setup().isEmpty() ? setup : rule.setup(),
        rule.checks().isEmpty() ? checks : rule.checks(),
        permission.and(rule.permission()),
        rule.people().isEmpty() ? people : rule.people(),
        largeFiles || rule.largeFiles(),
        rule.submodules().isEmpty() ? submodules : rule.submodules(),
        source);
  }

  /** The same, by a rule. */
  RuleTerms by(RuleSource rule) {
    return new RuleTerms(
        agent, setup, checks, permission, people, largeFiles, submodules, Optional.of(rule));
  }

  /** The same with no more than this permission. */
  RuleTerms narrowed(RulePermission most) {
    return new RuleTerms(
        agent, setup, checks, permission.and(most), people, largeFiles, submodules, source);
  }

  /** Whether somebody may start work who may not write. */
  public boolean names(String login) {
    return people.stream().anyMatch(login::equalsIgnoreCase);
  }
}
