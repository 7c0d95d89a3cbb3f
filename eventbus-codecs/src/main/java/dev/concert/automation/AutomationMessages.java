package dev.concert.automation;

import java.util.List;
import java.util.Map;

/** What the gateway asks of the automation engine, and what it answers. Times are Unix ms. */
public interface AutomationMessages {

  /**
   * Who asks.
   *
   * @param manages whether they may see and change what others own
   */
  record Caller(String tenantId, String userId, boolean manages) {}

  /**
   * An automation.
   *
   * @param state {@code enabled}, {@code paused} by a person, or {@code disabled} by the engine
   * @param stateReason why it is not enabled; null when it is
   * @param generation grows with each change of what it does
   * @param description of its trigger, in English
   * @param nextAt when it is due next; null for never
   */
  record Automation(
      String automationId,
      String name,
      String state,
      String stateReason,
      long generation,
      AutomationTrigger trigger,
      String description,
      AutomationTask task,
      AutomationPolicy policy,
      Long nextAt,
      String owner,
      long createdAt,
      long updatedAt) {}

  /**
   * One time at which an automation was due, and what became of it.
   *
   * @param state {@code due}, {@code claimed}, {@code done}, {@code skipped} or {@code missed}
   * @param reason why it did not run; null otherwise
   * @param late whether it ran later than its grace
   * @param run null when there is none
   */
  record Slot(long scheduledAt, String state, String reason, boolean late, Run run) {}

  /**
   * @param state {@code queued}, {@code starting}, {@code running}, {@code waiting}, {@code
   *     succeeded}, {@code failed}, {@code unverified}, {@code stopped} or {@code timed_out}
   * @param error a sentence; null when there is none
   * @param cost US dollars, as a decimal
   * @param verdict of its checks: {@code verified}, {@code failed} or {@code needs_person}; null
   *     where there are none
   * @param pullUrl of the pull request with what it changed; null if there is none
   */
  record Run(
      String runId,
      String automationId,
      String state,
      int attempt,
      String sessionId,
      Long startedAt,
      Long endedAt,
      String cost,
      String error,
      String verdict,
      String pullUrl) {}

  /**
   * What a run left for people.
   *
   * @param kind {@code result}, {@code question}, {@code failure} or {@code notice}
   * @param severity {@code info}, {@code warning} or {@code error}
   * @param state {@code new}, {@code seen}, {@code snoozed} or {@code done}
   * @param snoozedUntil null when it is not snoozed
   * @param mergedInto id of the item that says the same; null if there is none
   * @param merged how many items were merged into this one
   * @param isAutomationDeleted whether its automation is gone, and with it the history
   */
  record InboxItem(
      String itemId,
      String automationId,
      String runId,
      String sessionId,
      String kind,
      String severity,
      String state,
      Long snoozedUntil,
      String title,
      String body,
      long createdAt,
      long updatedAt,
      String mergedInto,
      int merged,
      boolean isAutomationDeleted) {
    /** A new item. */
    public InboxItem(
        String itemId,
        String automationId,
        String runId,
        String sessionId,
        String kind,
        String severity,
        String state,
        Long snoozedUntil,
        String title,
        String body,
        long createdAt,
        long updatedAt) {
      this(
          itemId,
          automationId,
          runId,
          sessionId,
          kind,
          severity,
          state,
          snoozedUntil,
          title,
          body,
          createdAt,
          updatedAt,
          null,
          0,
          false);
    }
  }

  record CreateAutomation(
      Caller caller,
      String name,
      AutomationTrigger trigger,
      AutomationTask task,
      AutomationPolicy policy,
      boolean paused) {}

  /** Null stays as it is. */
  record UpdateAutomation(
      Caller caller,
      String automationId,
      String name,
      AutomationTrigger trigger,
      AutomationTask task,
      AutomationPolicy policy) {}

  /**
   * @param cursor of the page before; null for the first page
   */
  record ListAutomations(Caller caller, int limit, String cursor) {}

  /**
   * @param automations the oldest first
   * @param nextCursor null where there are no more
   */
  record Automations(List<Automation> automations, String nextCursor) {}

  record GetAutomation(Caller caller, String automationId) {}

  record DeleteAutomation(Caller caller, String automationId) {}

  record PauseAutomation(Caller caller, String automationId) {}

  record ResumeAutomation(Caller caller, String automationId) {}

  /**
   * @param payload JSON of an event for the agent; null for none
   */
  record RunAutomation(Caller caller, String automationId, String payload) {}

  /** The secret before it counts no more. */
  record RenewWebhookSecret(Caller caller, String automationId) {}

  /** The secret of an automation's webhook. */
  record RenewedSecret(String secret) {
    @Override
    public String toString() {
      return "RenewedSecret[]";
    }
  }

  record PreviewTrigger(AutomationTrigger trigger, int count) {}

  /**
   * @param times local times of the trigger's zone, with their offset
   * @param proposal what a model made of words; null where a trigger was given
   */
  record TriggerPreview(String description, List<Long> at, List<String> times, Proposal proposal) {}

  /** An automation that nobody has confirmed yet. */
  record Proposal(String name, AutomationTrigger trigger, AutomationTask task) {}

  record ListSlots(Caller caller, String automationId, Long before, int limit) {}

  record Slots(List<Slot> slots, boolean hasMore) {}

  record ExplainTime(Caller caller, String automationId, long at) {}

  /**
   * Why an automation ran, or did not, at a time.
   *
   * @param code {@code ran}, {@code skipped}, {@code missed}, {@code due}, {@code paused}, {@code
   *     not_due}, {@code unknown} or {@code down}
   */
  record Explanation(String code, String message, Slot slot) {}

  record ListInbox(Caller caller, String state, int limit) {}

  record InboxItems(List<InboxItem> items) {}

  record UpdateInboxItem(Caller caller, String itemId, String state, Long until) {}

  record ReplyToInboxItem(Caller caller, String itemId, String text) {}

  record ListRunChanges(Caller caller, String automationId, String runId) {}

  /**
   * What a run changed in the copy of a session's files that it began with.
   *
   * @param hasMore whether it changed more files than are listed
   */
  record RunChanges(List<RunChange> changes, boolean hasMore) {}

  /**
   * @param change {@code added}, {@code changed} or {@code deleted}
   * @param diff hunks of a unified diff; empty for a binary file
   */
  record RunChange(String path, String change, String diff, boolean binary) {}

  record AcceptRun(Caller caller, String automationId, String runId) {}

  /**
   * The changes of a run are in the session whose files it began with.
   *
   * @param snapshot name of what that session's files were before; null where nothing changed
   */
  record RunAccepted(int written, int deleted, String snapshot) {}

  record FetchRunBranch(Caller caller, String automationId, String runId) {}

  /**
   * What a run made, as a branch of its repository.
   *
   * @param branch its name
   * @param bundle of git, in Base64, with the commits that the repository's remote does not have
   */
  record RunBranch(String branch, String bundle) {}

  record ListBlueprints(Caller caller) {}

  record Blueprints(List<BlueprintInfo> blueprints) {}

  /**
   * A template of automations.
   *
   * @param trigger when its automations are due, in English
   */
  record BlueprintInfo(
      String name,
      String title,
      String description,
      List<BlueprintParameter> parameters,
      String trigger,
      int checks) {}

  /**
   * @param fallback its value where nobody says one; null where it has to be said
   */
  record BlueprintParameter(String name, String description, String fallback) {}

  /**
   * Makes an automation of a blueprint.
   *
   * @param name of the automation; null for the blueprint's title
   * @param values of its parameters
   * @param trigger null for that of the blueprint
   * @param policy what differs from that of the blueprint; null for nothing
   */
  record UseBlueprint(
      Caller caller,
      String blueprint,
      String name,
      Map<String, String> values,
      AutomationTrigger trigger,
      AutomationPolicy policy,
      boolean paused) {}

  /**
   * A member has left, or may do less than before.
   *
   * @param reason a sentence about the member
   * @param actor who did that, and gets a notice
   */
  record OwnerLost(String tenantId, String userId, String reason, String actor) {}

  /**
   * Something of a tenant has changed, and is durable.
   *
   * @param type of the event that clients get
   * @param owner of the automation, or of the inbox
   * @param automation null where the event has none; likewise {@code run}, {@code slot} and {@code
   *     item}
   */
  record AutomationNews(
      String tenantId,
      String type,
      String owner,
      String automationId,
      Automation automation,
      Run run,
      Slot slot,
      InboxItem item) {}

  /** The tenant is being deleted. */
  record ForgetAutomations(String tenantId) {}
}
