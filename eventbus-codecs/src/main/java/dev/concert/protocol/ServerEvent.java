package dev.concert.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What a client is told: the 51 events of protocol version 1 and those that version 2 adds, without
 * the fields that every session event has ({@link SessionEvent}). Times are Unix milliseconds,
 * durations milliseconds, costs decimal US dollars.
 */
public sealed interface ServerEvent
    permits ServerEvent.Basic, MemberEvent, AutomationEvent, RepositoryEvent {

  /** The events of this file; those of larger features are in files of their own. */
  sealed interface Basic extends ServerEvent {}

  // connection
  record Welcome(int protocolVersion, List<Integer> protocolVersions, boolean requiresAuth)
      implements Basic {}

  record Connected(String clientId, long heartbeatIntervalMs, long ts) implements Basic {}

  record Authenticated(Identity identity) implements Basic {}

  record Heartbeat(long ts) implements Basic {}

  // session lifecycle
  record SessionList(List<SessionMeta> sessions, String nextCursor) implements Basic {}

  record SessionCreated(SessionMeta session) implements Basic {}

  record SessionUpdated(SessionMeta session) implements Basic {}

  record SessionArchived(SessionMeta session) implements Basic {}

  record SessionUnarchived(SessionMeta session) implements Basic {}

  record SessionDeleted(String sessionId) implements Basic {}

  /**
   * The session went back: a message and all younger ones are no longer part of the conversation.
   *
   * @param fromSeq number of that message
   * @param filesAt sequence number of the workspace that the files went back to
   * @param filesBefore sequence number of the workspace before: restoring to it undoes that
   */
  record SessionRewound(
      String rewindId,
      String messageId,
      long fromSeq,
      long filesAt,
      long filesBefore,
      int written,
      int deleted,
      String userId)
      implements Basic {}

  record StateChanged(SessionState state, SessionState previous, String reason) implements Basic {}

  // presence
  record StateSnapshot(
      SessionMeta session, SessionState state, OpenTurn turn, long lastSeq, UsageTotals usage)
      implements Basic {}

  record SessionLeft(String sessionId) implements Basic {}

  // turn
  record TurnStarted(String clientTurnId, String text, String userId) implements Basic {}

  record TurnComplete(String finalText, String stopReason, UsageTotals usage) implements Basic {}

  /**
   * @param message one sentence, or two, for a person
   * @param details lines for a reader who wants to know more, for example the end of the agent's
   *     log; null where there are none
   */
  record TurnError(String code, String message, boolean retryable, String details)
      implements Basic {
    public TurnError(String code, String message, boolean retryable) {
      this(code, message, retryable, null);
    }
  }

  record TurnSteered(String text, String userId) implements Basic {}

  // message
  record TextDelta(String text) implements Basic {}

  record Message(String messageId, String role, String content, long createdAt) implements Basic {}

  // tools
  record ToolCallStart(String toolCallId, String toolName) implements Basic {}

  record ToolCallDelta(String toolCallId, String argumentsDelta) implements Basic {}

  record ToolCall(String toolCallId, String toolName, JsonNode arguments) implements Basic {}

  record ToolResult(String toolCallId, String output, boolean truncated, long durationMs)
      implements Basic {}

  record ToolError(String toolCallId, String code, String message) implements Basic {}

  // thinking
  record ThinkingStart() implements Basic {}

  record ThinkingProgress(String text) implements Basic {}

  record ThinkingComplete(long durationMs) implements Basic {}

  // terminal
  record TerminalStream(String toolCallId, String stream, String text) implements Basic {}

  record TerminalComplete(String toolCallId, int exitCode, long durationMs) implements Basic {}

  // interactive
  record QuestionRequested(String questionId, List<Question> questions) implements Basic {

    /** Whether everybody may see the answer with this key. */
    public boolean isOpen(String key) {
      return questions != null
          && questions.stream()
              .anyMatch(one -> key.equals(one.key()) && !"secret".equalsIgnoreCase(one.kind()));
    }
  }

  record PermissionRequested(
      String questionId, String toolCallId, String toolName, JsonNode arguments, String reason)
      implements Basic {}

  /**
   * @param answers by key; {@code true} stands for an answer that is secret
   */
  record ApprovalResolved(
      String questionId,
      Boolean approved,
      Map<String, JsonNode> answers,
      Boolean dismissed,
      String userId,
      String remember)
      implements Basic {}

  // sandbox
  record SandboxInit(String provider) implements Basic {}

  record SandboxProvisioning(String phase, String message) implements Basic {}

  record SandboxReady() implements Basic {}

  record SandboxRemoved(String reason) implements Basic {}

  // plan, memory, model calls (protocol version 2)
  record PlanCreated(String planId, String title, List<PlanStep> steps) implements Basic {}

  record PlanStepStarted(String planId, String stepId) implements Basic {}

  record PlanStepCompleted(String planId, String stepId, String outcome) implements Basic {}

  record PlanRevised(String planId, List<PlanStep> steps, String reason) implements Basic {}

  record MemoryExtracted(String memoryId, String text) implements Basic {}

  record MemoryRecalled(String memoryId, String text) implements Basic {}

  /** With {@code replaces}, the repeated answer replaces what was shown of this one. */
  record ModelRetry(int attempt, long delayMs, String code, String message, boolean replaces)
      implements Basic {}

  record ContextCompacted(String reason, long tokensBefore, long tokensAfter) implements Basic {}

  // usage and billing; a cost is null where the price of a model is not known
  record UsageUpdate(
      String model,
      String provider,
      long inputTokens,
      long outputTokens,
      long cachedTokens,
      String cost)
      implements Basic {}

  record UsageContext(long usedTokens, long maxTokens, double ratio) implements Basic {}

  record BalanceUpdate(String balance, String reserved, String currency) implements Basic {}

  // replay
  record History(String sessionId, List<Message> messages, boolean hasMore) implements Basic {}

  /** The events are given as they went over the wire. */
  record Events(String sessionId, List<JsonNode> events, long lastSeq, boolean hasMore)
      implements Basic {}

  // files
  /**
   * @param nextCursor where the next page begins; null after the last page
   */
  record FileList(String sessionId, String path, List<FileEntry> entries, String nextCursor)
      implements Basic {}

  /**
   * @param content the whole file, or a piece of it
   * @param size bytes of the whole file
   * @param hash of the whole file; empty in a piece of a file that has no iteration as it is now
   * @param nextOffset where the next piece begins; null at the end of the file
   */
  record FileContent(
      String sessionId,
      String path,
      String encoding,
      String content,
      long size,
      long iteration,
      String hash,
      Long nextOffset)
      implements Basic {}

  record FileHistory(
      String sessionId,
      String path,
      List<FileIteration> iterations,
      List<SkippedVersions> skipped,
      boolean excluded)
      implements Basic {}

  record FileAtIteration(
      String sessionId,
      String path,
      long iteration,
      String encoding,
      String content,
      long size,
      String hash,
      Long nextOffset)
      implements Basic {}

  record FileChanged(String path, String change, long iteration, String from) implements Basic {}

  // members
  record MemberList(List<Member> members) implements Basic {}

  /**
   * @param action {@code invite}, {@code join}, {@code set_role} or {@code remove}
   * @param member without {@code userId} where only an e-mail is known
   * @param invitation where the action is {@code invite}; only the inviter gets it
   */
  record MemberChanged(String action, Member member, Invitation invitation)
      implements Basic, SecretReply {
    public MemberChanged(String action, Member member) {
      this(action, member, null);
    }

    @Override
    public boolean hasSecret() {
      return invitation != null && invitation.link() != null;
    }
  }

  // keys
  /**
   * @param secret the whole key, which nothing shows again
   */
  record KeyCreated(ApiKey key, String secret) implements Basic, SecretReply {
    /** Without the secret. */
    @Override
    public String toString() {
      return "KeyCreated[" + key + "]";
    }
  }

  record KeyList(List<ApiKey> keys, String nextCursor) implements Basic {}

  record KeyRevoked(String keyId) implements Basic {}

  // shares
  /**
   * @param path of the link at this server. It is a secret that nothing shows again
   */
  record ShareCreated(Share share, String path) implements Basic, SecretReply {
    /** Without the path. */
    @Override
    public String toString() {
      return "ShareCreated[" + share + "]";
    }
  }

  record ModelList(List<ModelEntry> models, String defaultModel) implements Basic {}

  record ShareList(String sessionId, List<Share> shares) implements Basic {}

  record ShareRevoked(String sessionId, String shareId) implements Basic {}

  // error, liveness, server
  /**
   * The answer to one client's message. With {@code seq} it is an event of the session: its
   * workspace is in trouble, until {@code sandbox_ready} follows.
   */
  record Error(String code, String message, Long retryAfterMs) implements Basic {}

  record Pong(Long ts, long serverTs) implements Basic {}

  record ServerShutdown(String reason, long reconnectAfterMs) implements Basic {}

  // parts
  /**
   * @param text what the agent has said so far; the last 256 Ki characters of it
   * @param openToolCalls the latest 200 of them, and of those about 1 Mi characters; so with {@code
   *     openQuestions}
   */
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

  record PlanStep(String stepId, String title) {}

  record FileEntry(String path, String type, long size, long modifiedAt, long iteration) {}

  /**
   * Versions that are not kept.
   *
   * @param after number of the iteration before them; 0 for none
   * @param reason {@code changed_again} before it could be read, {@code busy}, {@code too_large} or
   *     {@code too_often}
   * @param from when the first of them was, Unix milliseconds
   * @param to when the last of them was
   * @param size bytes of the last one
   */
  record SkippedVersions(long after, String reason, long from, long to, long count, long size) {}

  record FileIteration(long iteration, long timestamp, long size, String hash, boolean deleted) {}

  record Member(String userId, String email, Role role, long joinedAt) {}

  /**
   * What is shown of an API key. Times are Unix milliseconds.
   *
   * @param role the most that the key may
   * @param permissions the only ones of the role that it has; null for all of them
   * @param sessions the only ones that it is for; null for all
   * @param expiresAt null for a key that does not expire
   * @param lastUsedAt to the minute; null before the first use
   */
  record ApiKey(
      String keyId,
      String name,
      String createdBy,
      Role role,
      List<Permission> permissions,
      List<String> sessions,
      long createdAt,
      Long expiresAt,
      Long lastUsedAt) {}

  /**
   * A link by which anybody who has it reads a session.
   *
   * @param createdAt Unix milliseconds; likewise {@code expiresAt}
   */
  record Share(String shareId, String createdBy, long createdAt, long expiresAt) {}
}
