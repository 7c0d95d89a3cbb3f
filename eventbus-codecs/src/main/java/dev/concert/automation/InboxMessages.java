package dev.concert.automation;

import dev.concert.automation.AutomationMessages.Caller;
import java.util.List;

/** What the gateway asks of the engine about the rules and the history of an inbox. */
public interface InboxMessages {

  /**
   * A rule that is stored.
   *
   * @param isOn whether it is asked at all
   * @param createdAt Unix milliseconds; the oldest rule is asked first
   */
  record StoredRule(
      String ruleId,
      String name,
      InboxRule.Match when,
      InboxRule.Action then,
      boolean isOn,
      long createdAt) {}

  record StoredRules(List<StoredRule> rules) {}

  record CreateRule(Caller caller, InboxRule rule) {}

  /** Changes a rule. What is null stays. */
  record UpdateRule(
      Caller caller,
      String ruleId,
      String name,
      InboxRule.Match when,
      InboxRule.Action then,
      Boolean isOn) {}

  record ListRules(Caller caller) {}

  record ListRuleDecisions(Caller caller, String ruleId) {}

  /** What a rule, or the agent that it asked, did with an item. */
  record RuleDecision(String itemId, String title, ItemChange change) {}

  /**
   * @param decisions the newest first, at most 50
   */
  record RuleDecisions(List<RuleDecision> decisions) {}

  record DeleteRule(Caller caller, String ruleId) {}

  /**
   * What somebody, a rule or an agent did with an item.
   *
   * @param at Unix milliseconds
   * @param by {@code person}, {@code rule} or {@code agent}
   * @param actor the user, the name of the rule, or the run
   * @param action such as {@code close}, {@code rate}, {@code merge}, {@code ask} and {@code undo}
   * @param note why, or what became other
   * @param isUndone whether it was taken back
   */
  record ItemChange(
      long at, String by, String actor, String action, String note, boolean isUndone) {}

  /**
   * @param changes the newest first
   */
  record ItemHistory(List<ItemChange> changes) {}

  record ListItemHistory(Caller caller, String itemId) {}

  /** Takes back the newest change that is not taken back yet. */
  record UndoItemChange(Caller caller, String itemId) {}
}
