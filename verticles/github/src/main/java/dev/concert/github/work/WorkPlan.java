package dev.concert.github.work;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.github.rule.RuleCheck;
import dev.concert.github.rule.RulePermission;
import dev.concert.github.rule.RuleSource;
import dev.concert.github.rule.RuleTerms;
import dev.concert.json.Json;
import java.util.List;
import java.util.Optional;

/**
 * How an item is worked on, as the repository's rules were when the work began.
 *
 * @param agent type of the agent; empty for that of the connection
 * @param largeFiles whether its git gets files of Git LFS
 * @param submodules names of the owner's other repositories that its git may read
 * @param source the rule that began it; null where somebody asked for it
 */
record WorkPlan(
    Kind kind,
    String agent,
    RulePermission permission,
    List<String> setup,
    List<RuleCheck> checks,
    boolean largeFiles,
    List<String> submodules,
    RuleSource source) {
  /** What is done. */
  enum Kind {
    /** An issue becomes a pull request. */
    ISSUE,
    /** A pull request of somebody gets a review. */
    REVIEW
  }

  /** Work of an older version has no plan. */
  WorkPlan {
    kind = kind == null ? Kind.ISSUE : kind;
    agent = agent == null ? "" : agent;
    permission = permission == null ? RulePermission.ALLOW : permission;
    setup = setup == null ? List.of() : List.copyOf(setup);
    checks = checks == null ? List.of() : List.copyOf(checks);
    submodules = submodules == null ? List.of() : List.copyOf(submodules);
  }

  /**
   * The plan of new work.
   *
   * @param most that its agent may do, whatever the terms say
   */
  static WorkPlan of(Kind kind, RuleTerms terms, RulePermission most) {
    return new WorkPlan(
        kind,
        terms.agent().orElse(""),
        terms.permission().and(most),
        terms.setup(),
        terms.checks(),
        terms.largeFiles(),
        terms.submodules(),
        terms.source().orElse(null));
  }

  /** The rule that began it; empty where somebody asked for it. */
  Optional<RuleSource> rule() {
    return Optional.ofNullable(source);
  }

  boolean isReview() {
    return kind == Kind.REVIEW;
  }

  /** Whether what the agent changes may reach GitHub. */
  boolean mayChange() {
    return !isReview() && permission != RulePermission.READ;
  }

  /** Whether the agent gets the permissions that the tenant gives. */
  boolean mayUseTools() {
    return permission == RulePermission.ALLOW;
  }

  Optional<String> agentType() {
    return Optional.of(agent).filter(name -> !name.isEmpty());
  }

  String toJson() {
    try {
      return Json.MAPPER.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A plan cannot be written as JSON", e);
    }
  }

  static WorkPlan ofJson(String json) {
    try {
      return Json.MAPPER.readValue(json, WorkPlan.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A stored plan is not JSON", e);
    }
  }
}
