package dev.concert.protocol;

import dev.concert.protocol.ServerEvent.*;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of server events: name, record, group, what it belongs to, how it is kept. */
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

  /** One row. Mergeable events may be stored as fewer, larger pieces. */
  public record Row(
      String type,
      Class<? extends ServerEvent> event,
      String group,
      Scope scope,
      boolean mergeable) {}

  // spotless:off
  private static final List<Row> ROWS = List.of(
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
      row("turn_started", TurnStarted.class, "turn", Scope.TURN),
      row("turn_complete", TurnComplete.class, "turn", Scope.TURN),
      row("turn_error", TurnError.class, "turn", Scope.TURN),
      row("turn_steered", TurnSteered.class, "turn", Scope.TURN),
      merged("text_delta", TextDelta.class, "message"),
      row("message", Message.class, "message", Scope.TURN),
      row("tool_call_start", ToolCallStart.class, "tools", Scope.TURN),
      merged("tool_call_delta", ToolCallDelta.class, "tools"),
      row("tool_call", ToolCall.class, "tools", Scope.TURN),
      row("tool_result", ToolResult.class, "tools", Scope.TURN),
      row("tool_error", ToolError.class, "tools", Scope.TURN),
      row("thinking_start", ThinkingStart.class, "thinking", Scope.TURN),
      merged("thinking_progress", ThinkingProgress.class, "thinking"),
      row("thinking_complete", ThinkingComplete.class, "thinking", Scope.TURN),
      merged("terminal_stream", TerminalStream.class, "terminal"),
      row("terminal_complete", TerminalComplete.class, "terminal", Scope.TURN),
      row("question_requested", QuestionRequested.class, "interactive", Scope.TURN),
      row("permission_requested", PermissionRequested.class, "interactive", Scope.TURN),
      row("approval_resolved", ApprovalResolved.class, "interactive", Scope.TURN),
      row("sandbox_init", SandboxInit.class, "sandbox", Scope.SESSION),
      row("sandbox_provisioning", SandboxProvisioning.class, "sandbox", Scope.SESSION),
      row("sandbox_ready", SandboxReady.class, "sandbox", Scope.SESSION),
      row("sandbox_removed", SandboxRemoved.class, "sandbox", Scope.SESSION),
      row("usage_update", UsageUpdate.class, "usage and billing", Scope.TURN),
      row("usage_context", UsageContext.class, "usage and billing", Scope.TURN),
      row("balance_update", BalanceUpdate.class, "usage and billing", Scope.SESSION),
      row("history", History.class, "replay", Scope.CONNECTION),
      row("events", Events.class, "replay", Scope.CONNECTION),
      row("file_list", FileList.class, "files", Scope.CONNECTION),
      row("file_content", FileContent.class, "files", Scope.CONNECTION),
      row("file_history", FileHistory.class, "files", Scope.CONNECTION),
      row("file_at_iteration", FileAtIteration.class, "files", Scope.CONNECTION),
      row("file_changed", FileChanged.class, "files", Scope.SESSION),
      row("member_list", MemberList.class, "members", Scope.CONNECTION),
      row("member_changed", MemberChanged.class, "members", Scope.CONNECTION),
      row("error", ServerEvent.Error.class, "error", Scope.CONNECTION),
      row("pong", Pong.class, "liveness", Scope.CONNECTION),
      row("server_shutdown", ServerShutdown.class, "server", Scope.CONNECTION));
  // spotless:on

  private static final Map<String, Row> BY_TYPE =
      ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::type, Function.identity()));
  private static final Map<Class<?>, Row> BY_EVENT =
      ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::event, Function.identity()));

  private ServerProtocol() {}

  private static Row row(
      String type, Class<? extends ServerEvent> event, String group, Scope scope) {
    return new Row(type, event, group, scope, false);
  }

  private static Row merged(String type, Class<? extends ServerEvent> event, String group) {
    return new Row(type, event, group, Scope.TURN, true);
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
}
