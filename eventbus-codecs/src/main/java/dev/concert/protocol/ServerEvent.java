package dev.concert.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What the gateway may say: the 51 events of protocol.md, without the fields that every event of a
 * session has ({@link SessionEvent}). Times are Unix milliseconds, durations milliseconds, costs
 * decimal US dollars.
 */
public sealed interface ServerEvent {

  // connection
  record Welcome(int protocolVersion, List<Integer> protocolVersions, boolean requiresAuth)
      implements ServerEvent {}

  record Connected(String clientId, long heartbeatIntervalMs, long ts) implements ServerEvent {}

  record Authenticated(Identity identity) implements ServerEvent {}

  record Heartbeat(long ts) implements ServerEvent {}

  // session lifecycle
  record SessionList(List<SessionMeta> sessions, String nextCursor) implements ServerEvent {}

  record SessionCreated(SessionMeta session) implements ServerEvent {}

  record SessionUpdated(SessionMeta session) implements ServerEvent {}

  record SessionArchived(SessionMeta session) implements ServerEvent {}

  record SessionUnarchived(SessionMeta session) implements ServerEvent {}

  record SessionDeleted(String sessionId) implements ServerEvent {}

  record StateChanged(SessionState state, SessionState previous, String reason)
      implements ServerEvent {}

  // presence
  record StateSnapshot(
      SessionMeta session, SessionState state, OpenTurn turn, long lastSeq, UsageTotals usage)
      implements ServerEvent {}

  record SessionLeft(String sessionId) implements ServerEvent {}

  // turn
  record TurnStarted(String clientTurnId, String text, String userId) implements ServerEvent {}

  record TurnComplete(String finalText, String stopReason, UsageTotals usage)
      implements ServerEvent {}

  record TurnError(String code, String message, boolean retryable) implements ServerEvent {}

  record TurnSteered(String text, String userId) implements ServerEvent {}

  // message
  record TextDelta(String text) implements ServerEvent {}

  record Message(String messageId, String role, String content, long createdAt)
      implements ServerEvent {}

  // tools
  record ToolCallStart(String toolCallId, String toolName) implements ServerEvent {}

  record ToolCallDelta(String toolCallId, String argumentsDelta) implements ServerEvent {}

  record ToolCall(String toolCallId, String toolName, JsonNode arguments) implements ServerEvent {}

  record ToolResult(String toolCallId, String output, boolean truncated, long durationMs)
      implements ServerEvent {}

  record ToolError(String toolCallId, String code, String message) implements ServerEvent {}

  // thinking
  record ThinkingStart() implements ServerEvent {}

  record ThinkingProgress(String text) implements ServerEvent {}

  record ThinkingComplete(long durationMs) implements ServerEvent {}

  // terminal
  record TerminalStream(String toolCallId, String stream, String text) implements ServerEvent {}

  record TerminalComplete(String toolCallId, int exitCode, long durationMs)
      implements ServerEvent {}

  // interactive
  record QuestionRequested(String questionId, List<Question> questions) implements ServerEvent {}

  record PermissionRequested(
      String questionId, String toolCallId, String toolName, JsonNode arguments, String reason)
      implements ServerEvent {}

  record ApprovalResolved(
      String questionId,
      Boolean approved,
      Map<String, JsonNode> answers,
      Boolean dismissed,
      String userId,
      String remember)
      implements ServerEvent {}

  // sandbox
  record SandboxInit(String provider) implements ServerEvent {}

  record SandboxProvisioning(String phase, String message) implements ServerEvent {}

  record SandboxReady() implements ServerEvent {}

  record SandboxRemoved(String reason) implements ServerEvent {}

  // usage and billing
  record UsageUpdate(
      String model,
      String provider,
      long inputTokens,
      long outputTokens,
      long cachedTokens,
      String cost)
      implements ServerEvent {}

  record UsageContext(long usedTokens, long maxTokens, double ratio) implements ServerEvent {}

  record BalanceUpdate(String balance, String reserved, String currency) implements ServerEvent {}

  // replay
  record History(String sessionId, List<Message> messages, boolean hasMore)
      implements ServerEvent {}

  /** The events are given as they went over the wire. */
  record Events(String sessionId, List<JsonNode> events, long lastSeq, boolean hasMore)
      implements ServerEvent {}

  // files
  record FileList(String sessionId, String path, List<FileEntry> entries) implements ServerEvent {}

  record FileContent(
      String sessionId,
      String path,
      String encoding,
      String content,
      long size,
      long iteration,
      String hash)
      implements ServerEvent {}

  record FileHistory(String sessionId, String path, List<FileIteration> iterations)
      implements ServerEvent {}

  record FileAtIteration(
      String sessionId,
      String path,
      long iteration,
      String encoding,
      String content,
      long size,
      String hash)
      implements ServerEvent {}

  record FileChanged(String path, String change, long iteration, String from)
      implements ServerEvent {}

  // members
  record MemberList(List<Member> members) implements ServerEvent {}

  record MemberChanged(String action, Member member) implements ServerEvent {}

  // error, liveness, server
  /**
   * The answer to one client's message. With {@code seq} it is an event of the session: its
   * workspace is in trouble, until {@code sandbox_ready} follows.
   */
  record Error(String code, String message, Long retryAfterMs) implements ServerEvent {}

  record Pong(Long ts, long serverTs) implements ServerEvent {}

  record ServerShutdown(String reason, long reconnectAfterMs) implements ServerEvent {}

  // parts
  record OpenTurn(
      String turnId,
      long startedAt,
      String text,
      List<ToolCallStart> openToolCalls,
      List<JsonNode> openQuestions) {}

  record UsageTotals(
      long inputTokens, long outputTokens, long cachedTokens, String cost, long modelCalls) {
    public static final UsageTotals NONE = new UsageTotals(0, 0, 0, "0", 0);
  }

  /**
   * @param kind {@code text}, {@code choice} or {@code secret}
   */
  record Question(String key, String prompt, String kind, List<String> options) {}

  record FileEntry(String path, String type, long size, long modifiedAt, long iteration) {}

  record FileIteration(long iteration, long timestamp, long size, String hash, boolean deleted) {}

  record Member(String userId, String email, Role role, long joinedAt) {}
}
