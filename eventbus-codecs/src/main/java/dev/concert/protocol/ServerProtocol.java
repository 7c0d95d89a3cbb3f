package dev.concert.protocol;

import dev.concert.protocol.AutomationEvent.*;
import dev.concert.protocol.MemberEvent.*;
import dev.concert.protocol.RepositoryEvent.*;
import dev.concert.protocol.ServerEvent.*;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The table of server events. A row holds everything that the platform knows of an event besides
 * its record: reading what agents say, storing, merging, projecting and {@code docs/protocol.json}
 * follow from it.
 */
public final class ServerProtocol {

  /** What an event belongs to, and so which fields it has besides its own. */
  public enum Scope {
    /** Goes to one connection; no {@code seq}. */
    CONNECTION,
    /** Carries {@code sessionId}, {@code seq} and {@code ts}. */
    SESSION,
    /** Like SESSION, and {@code turnId}. */
    TURN
  }

  /** Which part of the platform an event comes from. */
  public enum Source {
    /** The gateway; nothing else may say it. */
    GATEWAY,
    /** The coordinator, about an agent and its workspace; an agent itself may not say it. */
    COORDINATOR,
    /** An agent, on its socket. */
    AGENT
  }

  /**
   * One row.
   *
   * @param since the first protocol version that has the event; clients of earlier ones never get
   *     it
   * @param merge how pieces of one text are joined; empty for an event that is always whole. Events
   *     with a merge rule may be stored as fewer, larger pieces
   * @param agentNames the names under which an agent or coordinator says the event
   * @param required the fields that it must then have
   */
  public record Row(
      String type,
      Class<? extends ServerEvent> event,
      String group,
      Scope scope,
      int since,
      Optional<TextMerge<?>> merge,
      Source source,
      List<String> agentNames,
      List<String> required) {

    /** May be stored as fewer, larger pieces. */
    public boolean mergeable() {
      return merge.isPresent();
    }

    /** Is stored, and replayed to a client that joins. */
    public boolean durable() {
      return scope != Scope.CONNECTION;
    }

    private Row since(int version) {
      return new Row(type, event, group, scope, version, merge, source, agentNames, required);
    }

    private Row saidByAgent(String... names) {
      return new Row(
          type, event, group, scope, since, merge, Source.AGENT, List.of(names), required);
    }

    private Row saidByCoordinator(String... names) {
      return new Row(
          type, event, group, scope, since, merge, Source.COORDINATOR, List.of(names), required);
    }

    private Row requires(String... fields) {
      return new Row(type, event, group, scope, since, merge, source, agentNames, List.of(fields));
    }
  }

  // spotless:off
  private static final List<Row> ROWS =
      List.of(
          row("welcome", Welcome.class, "connection", Scope.CONNECTION),
          row("connected", Connected.class, "connection", Scope.CONNECTION),
          row("authenticated", Authenticated.class, "connection", Scope.CONNECTION),
          row("heartbeat", Heartbeat.class, "connection", Scope.CONNECTION),
          row("session_list", SessionList.class, "session lifecycle", Scope.CONNECTION),
          row("session_created", SessionCreated.class, "session lifecycle", Scope.CONNECTION),
          row("session_updated", SessionUpdated.class, "session lifecycle", Scope.CONNECTION),
          row("session_archived", SessionArchived.class, "session lifecycle", Scope.CONNECTION),
          row("session_unarchived", SessionUnarchived.class, "session lifecycle", Scope.CONNECTION),
          row("session_deleted", SessionDeleted.class, "session lifecycle", Scope.CONNECTION),
          row("session_state", StateChanged.class, "session lifecycle", Scope.SESSION),
          row("state_snapshot", StateSnapshot.class, "presence", Scope.CONNECTION),
          row("session_left", SessionLeft.class, "presence", Scope.CONNECTION),
          row("turn_started", TurnStarted.class, "turn", Scope.TURN)
              .saidByCoordinator("created", "stream_start", "turn_started"),
          row("turn_complete", TurnComplete.class, "turn", Scope.TURN)
              .saidByCoordinator("complete", "stream_end", "stream_complete", "turn_complete"),
          row("turn_error", TurnError.class, "turn", Scope.TURN)
              .saidByCoordinator("error", "turn_error"),
          row("turn_steered", TurnSteered.class, "turn", Scope.TURN),
          merged(
                  "text_delta",
                  TextDelta.class,
                  "message",
                  TextDelta::text,
                  (one, text) -> new TextDelta(text))
              .saidByAgent("update", "stream_update", "text_delta")
              .requires("text"),
          row("message", Message.class, "message", Scope.TURN),
          row("tool_call_start", ToolCallStart.class, "tools", Scope.TURN)
              .saidByAgent("tool.call_start", "tool_call_start")
              .requires("toolCallId", "toolName"),
          merged(
                  "tool_call_delta",
                  ToolCallDelta.class,
                  "tools",
                  ToolCallDelta::argumentsDelta,
                  (one, text) -> new ToolCallDelta(one.toolCallId(), text))
              .saidByAgent("tool.call_delta", "tool_call_delta")
              .requires("toolCallId", "argumentsDelta"),
          row("tool_call", ToolCall.class, "tools", Scope.TURN)
              .saidByAgent("tool.call", "tool_call")
              .requires("toolCallId", "toolName"),
          row("tool_result", ToolResult.class, "tools", Scope.TURN)
              .saidByAgent("tool.result", "tool_result")
              .requires("toolCallId"),
          row("tool_error", ToolError.class, "tools", Scope.TURN)
              .saidByAgent("tool.error", "tool_error")
              .requires("toolCallId"),
          row("thinking_start", ThinkingStart.class, "thinking", Scope.TURN)
              .saidByAgent("thinking.start", "thinking_start"),
          merged(
                  "thinking_progress",
                  ThinkingProgress.class,
                  "thinking",
                  ThinkingProgress::text,
                  (one, text) -> new ThinkingProgress(text))
              .saidByAgent("thinking.progress", "thinking_progress", "thinking_update", "thinking"),
          row("thinking_complete", ThinkingComplete.class, "thinking", Scope.TURN)
              .saidByAgent("thinking.complete", "thinking_complete"),
          merged(
                  "terminal_stream",
                  TerminalStream.class,
                  "terminal",
                  TerminalStream::text,
                  (one, text) -> new TerminalStream(one.toolCallId(), one.stream(), text))
              .saidByAgent("terminal.stream", "terminal_stream", "terminal_output")
              .requires("text"),
          row("terminal_complete", TerminalComplete.class, "terminal", Scope.TURN)
              .saidByAgent("terminal.complete", "terminal_complete"),
          row("question_requested", QuestionRequested.class, "interactive", Scope.TURN)
              .saidByAgent("tool.question_requested", "question_requested", "question")
              .requires("questionId"),
          row("permission_requested", PermissionRequested.class, "interactive", Scope.TURN)
              .saidByAgent("tool.permission_requested", "permission_requested", "permission")
              .requires("questionId"),
          row("approval_resolved", ApprovalResolved.class, "interactive", Scope.TURN)
              .saidByCoordinator("tool.approval_resolved", "approval_resolved")
              .requires("questionId"),
          row("sandbox_init", SandboxInit.class, "sandbox", Scope.SESSION)
              .saidByCoordinator("sandbox.init", "sandbox_init"),
          row("sandbox_provisioning", SandboxProvisioning.class, "sandbox", Scope.SESSION)
              .saidByCoordinator("sandbox.provisioning", "sandbox_provisioning"),
          row("sandbox_ready", SandboxReady.class, "sandbox", Scope.SESSION)
              .saidByCoordinator("sandbox.ready", "sandbox_ready"),
          row("sandbox_removed", SandboxRemoved.class, "sandbox", Scope.SESSION)
              .saidByCoordinator("sandbox.removed", "sandbox_removed"),
          row("usage_update", UsageUpdate.class, "usage and billing", Scope.TURN)
              .saidByCoordinator("usage", "usage.update", "usage_update"),
          row("usage_context", UsageContext.class, "usage and billing", Scope.TURN)
              .saidByAgent("usage.context", "usage_context", "context_usage"),
          row("balance_update", BalanceUpdate.class, "usage and billing", Scope.CONNECTION),
          row("history", History.class, "replay", Scope.CONNECTION),
          row("events", Events.class, "replay", Scope.CONNECTION),
          row("file_list", FileList.class, "files", Scope.CONNECTION),
          row("file_content", FileContent.class, "files", Scope.CONNECTION),
          row("file_history", FileHistory.class, "files", Scope.CONNECTION),
          row("file_at_iteration", FileAtIteration.class, "files", Scope.CONNECTION),
          row("file_changed", FileChanged.class, "files", Scope.SESSION)
              .saidByCoordinator("file.changed", "file_changed"),
          row("member_list", MemberList.class, "members", Scope.CONNECTION),
          row("member_changed", MemberChanged.class, "members", Scope.CONNECTION),
          row("invitation_list", InvitationList.class, "members", Scope.CONNECTION).since(2),
          row("session_members", SessionMembers.class, "members", Scope.CONNECTION).since(2),
          row("audit_list", AuditList.class, "members", Scope.CONNECTION).since(2),
          row("tenant_deleted", TenantDeleted.class, "members", Scope.CONNECTION).since(2),
          row("key_created", KeyCreated.class, "keys", Scope.CONNECTION).since(2),
          row("key_list", KeyList.class, "keys", Scope.CONNECTION).since(2),
          row("key_revoked", KeyRevoked.class, "keys", Scope.CONNECTION).since(2),
          row("error", ServerEvent.Error.class, "error", Scope.CONNECTION),
          row("pong", Pong.class, "liveness", Scope.CONNECTION),
          row("plan.created", PlanCreated.class, "plan", Scope.TURN)
              .since(2)
              .saidByAgent("plan.created")
              .requires("planId"),
          row("plan.step_started", PlanStepStarted.class, "plan", Scope.TURN)
              .since(2)
              .saidByAgent("plan.step_started")
              .requires("planId", "stepId"),
          row("plan.step_completed", PlanStepCompleted.class, "plan", Scope.TURN)
              .since(2)
              .saidByAgent("plan.step_completed")
              .requires("planId", "stepId"),
          row("plan.revised", PlanRevised.class, "plan", Scope.TURN)
              .since(2)
              .saidByAgent("plan.revised")
              .requires("planId"),
          row("model.retry", ModelRetry.class, "model calls", Scope.TURN)
              .since(2)
              .saidByAgent("model.retry"),
          row("context.compacted", ContextCompacted.class, "model calls", Scope.TURN)
              .since(2)
              .saidByAgent("context.compacted"),
          row("memory.extracted", MemoryExtracted.class, "memory", Scope.TURN)
              .since(2)
              .saidByAgent("memory.extracted", "memory.extract"),
          row("memory.recalled", MemoryRecalled.class, "memory", Scope.TURN)
              .since(2)
              .saidByAgent("memory.recalled", "memory.recall"),
          row("model_list", ModelList.class, "models", Scope.CONNECTION).since(2),
          row("share_created", ShareCreated.class, "shares", Scope.CONNECTION).since(2),
          row("share_list", ShareList.class, "shares", Scope.CONNECTION).since(2),
          row("share_revoked", ShareRevoked.class, "shares", Scope.CONNECTION).since(2),
          row("session.rewound", SessionRewound.class, "rewind", Scope.SESSION).since(2),
          ofVersion2("automation.created", AutomationCreated.class, "automations"),
          ofVersion2("automation.updated", AutomationUpdated.class, "automations"),
          ofVersion2("automation.deleted", AutomationDeleted.class, "automations"),
          ofVersion2("automation.disabled", AutomationDisabled.class, "automations"),
          ofVersion2("automation.run_queued", RunQueued.class, "automations"),
          ofVersion2("automation.run_started", RunStarted.class, "automations"),
          ofVersion2("automation.run_waiting", RunWaiting.class, "automations"),
          ofVersion2("automation.run_completed", RunCompleted.class, "automations"),
          ofVersion2("automation.run_failed", RunFailed.class, "automations"),
          ofVersion2("automation.run_skipped", RunSkipped.class, "automations"),
          ofVersion2("inbox.item_created", ItemCreated.class, "inbox"),
          ofVersion2("inbox.item_updated", ItemUpdated.class, "inbox"),
          ofVersion2("github.issue_opened", IssueOpened.class, "github"),
          ofVersion2("github.issue_closed", IssueClosed.class, "github"),
          ofVersion2("github.issue_reopened", IssueReopened.class, "github"),
          ofVersion2("github.issue_assigned", IssueAssigned.class, "github"),
          ofVersion2("github.issue_labeled", IssueLabeled.class, "github"),
          ofVersion2("github.issue_commented", IssueCommented.class, "github"),
          ofVersion2("github.pr_opened", PullOpened.class, "github"),
          ofVersion2("github.pr_updated", PullUpdated.class, "github"),
          ofVersion2("github.pr_closed", PullClosed.class, "github"),
          ofVersion2("github.pr_merged", PullMerged.class, "github"),
          ofVersion2("github.pr_review_requested", PullReviewRequested.class, "github"),
          ofVersion2("github.pr_reviewed", PullReviewed.class, "github"),
          ofVersion2("github.pr_commented", PullCommented.class, "github"),
          ofVersion2("github.push", BranchPushed.class, "github"),
          ofVersion2("github.branch_deleted", BranchDeleted.class, "github"),
          ofVersion2("github.check_completed", CheckCompleted.class, "github"),
          ofVersion2("github.workflow_completed", WorkflowCompleted.class, "github"),
          ofVersion2("github.installation_changed", InstallationChanged.class, "github"),
          row("server_shutdown", ServerShutdown.class, "server", Scope.CONNECTION));
  // spotless:on

  private static final Map<String, Row> BY_TYPE =
      ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::type, Function.identity()));
  private static final Map<Class<?>, Row> BY_EVENT =
      ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::event, Function.identity()));

  private static final Map<String, Row> BY_AGENT_NAME =
      ROWS.stream()
          .flatMap(row -> row.agentNames().stream().map(name -> Map.entry(name, row)))
          .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));

  private ServerProtocol() {}

  private static Row row(
      String type, Class<? extends ServerEvent> event, String group, Scope scope) {
    return new Row(
        type, event, group, scope, 1, Optional.empty(), Source.GATEWAY, List.of(), List.of());
  }

  private static Row ofVersion2(String type, Class<? extends ServerEvent> event, String group) {
    return row(type, event, group, Scope.CONNECTION).since(2);
  }

  private static <E extends ServerEvent> Row merged(
      String type,
      Class<E> event,
      String group,
      Function<E, String> text,
      BiFunction<E, String, E> with) {
    return new Row(
        type,
        event,
        group,
        Scope.TURN,
        1,
        Optional.of(new TextMerge<>(event, text, with)),
        Source.GATEWAY,
        List.of(),
        List.of());
  }

  public static List<Row> rows() {
    return ROWS;
  }

  public static Row row(ServerEvent event) {
    return BY_EVENT.get(event.getClass());
  }

  static Optional<Row> row(String type) {
    return Optional.ofNullable(BY_TYPE.get(type));
  }

  /** The row whose event an agent or coordinator says under this name. */
  public static Optional<Row> rowSaidAs(String agentName) {
    return agentName == null ? Optional.empty() : Optional.ofNullable(BY_AGENT_NAME.get(agentName));
  }
}
