package dev.concert.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * What a client may say: the 21 messages of protocol.md. Fields that may be left out are null where
 * the table in {@link ClientProtocol} gives no default.
 */
public sealed interface ClientMessage {

  /** A message about one session. */
  sealed interface ForSession extends ClientMessage {
    String sessionId();
  }

  record Authenticate(String token, Integer protocolVersion) implements ClientMessage {}

  record ListSessions(boolean includeArchived, int limit, String cursor) implements ClientMessage {}

  record CreateSession(
      String agentType, String name, String projectId, JsonNode metadata, String model)
      implements ClientMessage {}

  record RenameSession(String sessionId, String name) implements ForSession {}

  record ArchiveSession(String sessionId) implements ForSession {}

  record UnarchiveSession(String sessionId) implements ForSession {}

  record DeleteSession(String sessionId) implements ForSession {}

  record JoinSession(String sessionId, Long afterSeq) implements ForSession {}

  record LeaveSession(String sessionId) implements ForSession {}

  record RunTurn(String sessionId, String text, String clientTurnId, List<Attachment> attachments)
      implements ForSession {}

  record StopTurn(String sessionId) implements ForSession {}

  record Steer(String sessionId, String text) implements ForSession {}

  record AnswerQuestion(
      String sessionId,
      String questionId,
      Map<String, JsonNode> answers,
      Boolean approved,
      String remember,
      Boolean dismissed)
      implements ForSession {}

  record GetHistory(String sessionId, int limit, String before) implements ForSession {}

  record GetEvents(String sessionId, long afterSeq, int limit) implements ForSession {}

  record Ping(Long ts) implements ClientMessage {}

  record ListFiles(String sessionId, String path, int depth) implements ForSession {}

  record ReadFile(String sessionId, String path) implements ForSession {}

  record FileHistory(String sessionId, String path) implements ForSession {}

  record FileAtIteration(String sessionId, String path, long iteration) implements ForSession {}

  record ManageMembers(String action, String userId, String email, String role)
      implements ClientMessage {}

  /** Exactly one of {@code dataBase64} and {@code path} (of the workspace) is set. */
  record Attachment(String name, String mediaType, String dataBase64, String path) {}
}
