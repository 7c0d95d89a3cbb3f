package dev.concert.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What a client is told: the 51 events of protocol version 1 and those that version 2 adds, without
 * the fields that every session event has ({@link SessionEvent}). Times are Unix milliseconds,
 * durations milliseconds, costs decimal US dollars.
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
      implements ServerEvent {}

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

  /**
   * @param message one sentence, or two, for a person
   * @param details lines for a reader who wants to know more, for example the end of the agent's
   *     log; null where there are none
   */
  record TurnError(String code, String message, boolean retryable, String details)
      implements ServerEvent {
    public TurnError(String code, String message, boolean retryable) {
      this(code, message, retryable, null);
    }
  }

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
  record QuestionRequested(String questionId, List<Question> questions) implements ServerEvent {

    /** Whether everybody may see the answer with this key. */
    public boolean isOpen(String key) {
      return questions != null
          && questions.stream()
              .anyMatch(one -> key.equals(one.key()) && !"secret".equalsIgnoreCase(one.kind()));
    }
  }

  record PermissionRequested(
      String questionId, String toolCallId, String toolName, JsonNode arguments, String reason)
      implements ServerEvent {}

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
      implements ServerEvent {}

  // sandbox
  record SandboxInit(String provider) implements ServerEvent {}

  record SandboxProvisioning(String phase, String message) implements ServerEvent {}

  record SandboxReady() implements ServerEvent {}

  record SandboxRemoved(String reason) implements ServerEvent {}

  // plan, memory, model calls (protocol version 2)
  record PlanCreated(String planId, String title, List<PlanStep> steps) implements ServerEvent {}

  record PlanStepStarted(String planId, String stepId) implements ServerEvent {}

  record PlanStepCompleted(String planId, String stepId, String outcome) implements ServerEvent {}

  record PlanRevised(String planId, List<PlanStep> steps, String reason) implements ServerEvent {}

  record MemoryExtracted(String memoryId, String text) implements ServerEvent {}

  record MemoryRecalled(String memoryId, String text) implements ServerEvent {}

  /** With {@code replaces}, the repeated answer replaces what was shown of this one. */
  record ModelRetry(int attempt, long delayMs, String code, String message, boolean replaces)
      implements ServerEvent {}

  record ContextCompacted(String reason, long tokensBefore, long tokensAfter)
      implements ServerEvent {}

  // usage and billing; a cost is null where the price of a model is not known
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
  /**
   * @param nextCursor where the next page begins; null after the last page
   */
  record FileList(String sessionId, String path, List<FileEntry> entries, String nextCursor)
      implements ServerEvent {}

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
      implements ServerEvent {}

  record FileHistory(
      String sessionId,
      String path,
      List<FileIteration> iterations,
      List<SkippedVersions> skipped,
      boolean excluded)
      implements ServerEvent {}

  record FileAtIteration(
      String sessionId,
      String path,
      long iteration,
      String encoding,
      String content,
      long size,
      String hash,
      Long nextOffset)
      implements ServerEvent {}

  record FileChanged(String path, String change, long iteration, String from)
      implements ServerEvent {}

  // members
  record MemberList(List<Member> members) implements ServerEvent {}

  /**
   * @param action {@code invite}, {@code join}, {@code set_role} or {@code remove}
   * @param member without {@code userId} where only an e-mail is known
   * @param invitation where the action is {@code invite}; only the inviter gets it
   */
  record MemberChanged(String action, Member member, Invitation invitation)
      implements ServerEvent, SecretReply {
    public MemberChanged(String action, Member member) {
      this(action, member, null);
    }

    @Override
    public boolean hasSecret() {
      return invitation != null && invitation.link() != null;
    }
  }

  record InvitationList(List<Invitation> invitations) implements ServerEvent {}

  /** To whom a session is shown. */
  record SessionMembers(String sessionId, SessionVisibility visibility, List<SessionMember> members)
      implements ServerEvent {}

  /**
   * Newest first.
   *
   * @param nextBefore where the next page begins; null after the last page
   */
  record AuditList(List<AuditRecord> entries, Long nextBefore) implements ServerEvent {}

  record TenantDeleted(String tenantId) implements ServerEvent {}

  // keys
  /**
   * @param secret the whole key, which nothing shows again
   */
  record KeyCreated(ApiKey key, String secret) implements ServerEvent, SecretReply {
    /** Without the secret. */
    @Override
    public String toString() {
      return "KeyCreated[" + key + "]";
    }
  }

  record KeyList(List<ApiKey> keys, String nextCursor) implements ServerEvent {}

  record KeyRevoked(String keyId) implements ServerEvent {}

  // shares
  /**
   * @param path of the link at this server. It is a secret that nothing shows again
   */
  record ShareCreated(Share share, String path) implements ServerEvent, SecretReply {
    /** Without the path. */
    @Override
    public String toString() {
      return "ShareCreated[" + share + "]";
    }
  }

  record ModelList(List<ModelEntry> models, String defaultModel) implements ServerEvent {}

  record ShareList(String sessionId, List<Share> shares) implements ServerEvent {}

  record ShareRevoked(String sessionId, String shareId) implements ServerEvent {}

  // error, liveness, server
  /**
   * The answer to one client's message. With {@code seq} it is an event of the session: its
   * workspace is in trouble, until {@code sandbox_ready} follows.
   */
  record Error(String code, String message, Long retryAfterMs) implements ServerEvent {}

  record Pong(Long ts, long serverTs) implements ServerEvent {}

  record ServerShutdown(String reason, long reconnectAfterMs) implements ServerEvent {}

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

  record SessionMember(String userId, String email, ShareAccess access) {}

  /**
   * Who did what to what.
   *
   * @param actor user id, or {@code operator} for the command line of the server
   * @param action dotted, as {@code member.removed}
   */
  record AuditRecord(
      long id, long at, String actor, String action, String subject, Map<String, String> details) {}

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
