package dev.concert.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** Requests about automations and the inbox. */
public interface AutomationMessage extends ClientMessage {

  /**
   * @param cursor the reply's {@code nextCursor} of the page before; null for the first page
   */
  record ListAutomations(int limit, String cursor) implements AutomationMessage {}

  /**
   * @param trigger see {@link dev.concert.automation.AutomationTrigger}
   * @param task see {@link dev.concert.automation.AutomationTask}
   * @param policy see {@link dev.concert.automation.AutomationPolicy}; null for the defaults
   */
  record CreateAutomation(
      String name, JsonNode trigger, JsonNode task, JsonNode policy, boolean paused)
      implements AutomationMessage {}

  record GetAutomation(String automationId) implements AutomationMessage {}

  /** What is null stays as it is. */
  record UpdateAutomation(
      String automationId, String name, JsonNode trigger, JsonNode task, JsonNode policy)
      implements AutomationMessage {}

  record DeleteAutomation(String automationId) implements AutomationMessage {}

  record PauseAutomation(String automationId) implements AutomationMessage {}

  record ResumeAutomation(String automationId) implements AutomationMessage {}

  /**
   * @param payload what the agent gets, as if an event had brought it; null for none
   */
  record RunAutomation(String automationId, JsonNode payload) implements AutomationMessage {}

  record CreateAutomationWebhook(String automationId) implements AutomationMessage {}

  /**
   * @param trigger null where {@code words} is given
   * @param words what somebody wants, as they say it, for a model to read; null for a trigger
   * @param zone of the words, such as {@code Europe/Berlin}; null for a trigger
   */
  record PreviewAutomation(JsonNode trigger, String words, String zone, int count)
      implements AutomationMessage {
    /** What is wrong, if anything. */
    public Optional<String> fault() {
      if ((trigger == null) == (words == null)) {
        return Optional.of("exactly one of 'trigger' and 'words' must be given");
      }
      return words != null && zone == null
          ? Optional.of("'zone' is missing, for example Europe/Berlin")
          : Optional.empty();
    }
  }

  /**
   * @param before Unix milliseconds; only earlier times are listed; null for all
   */
  record ListRuns(String automationId, Long before, int limit) implements AutomationMessage {}

  record ListBlueprints() implements AutomationMessage {}

  /**
   * @param name of the automation; null for the blueprint's title
   * @param set values of the blueprint's parameters, by their names
   */
  record UseBlueprint(
      String blueprint,
      String name,
      JsonNode set,
      JsonNode trigger,
      JsonNode policy,
      boolean paused)
      implements AutomationMessage {}

  record ListRunChanges(String automationId, String runId) implements AutomationMessage {}

  record FetchRunBranch(String automationId, String runId) implements AutomationMessage {}

  record AcceptRun(String automationId, String runId) implements AutomationMessage {}

  /**
   * @param at Unix milliseconds, or a time with an offset
   */
  record ExplainTime(String automationId, String at) implements AutomationMessage {}

  record ListInbox(String state, int limit) implements AutomationMessage {}

  record UpdateInbox(String itemId, String state, Long until) implements AutomationMessage {}

  record ListInboxHistory(String itemId) implements AutomationMessage {}

  record UndoInbox(String itemId) implements AutomationMessage {}

  record ListInboxRules() implements AutomationMessage {}

  /**
   * @param when see {@link dev.concert.automation.InboxRule.Match}; null for all items
   * @param then see {@link dev.concert.automation.InboxRule.Action}
   */
  record CreateInboxRule(String name, JsonNode when, JsonNode then) implements AutomationMessage {}

  /** What is null stays as it is. */
  record UpdateInboxRule(String ruleId, String name, JsonNode when, JsonNode then, Boolean isOn)
      implements AutomationMessage {}

  record ListRuleDecisions(String ruleId) implements AutomationMessage {}

  record DeleteInboxRule(String ruleId) implements AutomationMessage {}

  record ReplyInbox(String itemId, String text) implements AutomationMessage {}

  record GetInboxDelivery() implements AutomationMessage {}

  /**
   * @param from the least severity that goes there, or {@code off}
   * @param url of a webhook; null leaves it as it is
   */
  record UpdateInboxDelivery(String channel, String from, String url, boolean newSecret)
      implements AutomationMessage {}

  record TestInboxDelivery(String channel) implements AutomationMessage {}

  record ListPushDevices() implements AutomationMessage {}

  /**
   * @param endpoint where the browser's push service takes messages for it
   * @param p256dh the browser's public key, in Base64 for URLs
   * @param auth the browser's secret, in the same form
   * @param name for the member; null for none
   */
  record AddPushDevice(String endpoint, String p256dh, String auth, String name)
      implements AutomationMessage {
    /** Without what only the server and the browser know. */
    @Override
    public String toString() {
      return "AddPushDevice[" + name + "]";
    }
  }

  record RemovePushDevice(String deviceId) implements AutomationMessage {}
}
