package dev.concert.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a caller may ask: the 21 messages of protocol.md, and what only HTTP serves. Each record has
 * a row in the contract table, {@code dev.concert.contract.ContractTable}. A field that may be left
 * out is null where the table gives no default. {@code fault} says what is wrong between fields.
 * Messages of a further group are records in an interface of their own.
 */
public interface ClientMessage {

  /** A message about one session. */
  interface ForSession extends ClientMessage {
    String sessionId();
  }

  record Authenticate(String token, Integer protocolVersion) implements ClientMessage {}

  record ListSessions(boolean includeArchived, int limit, String cursor) implements ClientMessage {}

  record CreateSession(
      String agentType,
      String name,
      String projectId,
      JsonNode metadata,
      String model,
      String visibility)
      implements ClientMessage {}

  record GetSession(String sessionId) implements ForSession {}

  record RenameSession(String sessionId, String name) implements ForSession {}

  record ArchiveSession(String sessionId) implements ForSession {}

  record UnarchiveSession(String sessionId) implements ForSession {}

  record DeleteSession(String sessionId) implements ForSession {}

  record JoinSession(String sessionId, Long afterSeq) implements ForSession {}

  record LeaveSession(String sessionId) implements ForSession {}

  record RunTurn(String sessionId, String text, String clientTurnId, List<Attachment> attachments)
      implements ForSession {

    public Optional<String> fault() {
      return attachments == null ? Optional.empty() : Attachment.faultOf(attachments);
    }

    /** The same with this name, unless the client named the turn itself. */
    public RunTurn orNamed(String name) {
      return clientTurnId == null ? new RunTurn(sessionId, text, name, attachments) : this;
    }
  }

  record StopTurn(String sessionId) implements ForSession {}

  record Steer(String sessionId, String text) implements ForSession {}

  record AnswerQuestion(
      String sessionId,
      String questionId,
      Map<String, JsonNode> answers,
      Boolean approved,
      String remember,
      Boolean dismissed)
      implements ForSession {

    public Optional<String> fault() {
      boolean isDismissed = Boolean.TRUE.equals(dismissed);
      return exactlyOne(answers != null, approved != null, isDismissed)
          ? Optional.empty()
          : Optional.of("exactly one of 'answers', 'approved' and 'dismissed' must be given");
    }

    /** Without the answers, which may be secret. */
    @Override
    public String toString() {
      return "AnswerQuestion[sessionId=%s, questionId=%s]".formatted(sessionId, questionId);
    }
  }

  record GetHistory(String sessionId, int limit, String before) implements ForSession {}

  record GetEvents(String sessionId, long afterSeq, int limit) implements ForSession {}

  record Ping(Long ts) implements ClientMessage {}

  /**
   * @param cursor the reply's {@code nextCursor} of the page before; null for the first page
   */
  record ListFiles(String sessionId, String path, int depth, String cursor) implements ForSession {}

  /**
   * @param offset first byte of the piece, and
   * @param length most bytes of it; both null for the whole file
   */
  record ReadFile(String sessionId, String path, Long offset, Integer length)
      implements ForSession {}

  record FileHistory(String sessionId, String path) implements ForSession {}

  record FileAtIteration(String sessionId, String path, long iteration, Long offset, Integer length)
      implements ForSession {}

  /**
   * @param iteration null for the file as it is now
   */
  record DownloadFile(String sessionId, String path, Long iteration, Long offset, Integer length)
      implements ForSession {}

  record UploadFile(String sessionId, String path, byte[] content) implements ForSession {}

  record DeleteFile(String sessionId, String path) implements ForSession {}

  record DiffFile(String sessionId, String path, long from, long to) implements ForSession {}

  /**
   * Restores one file, also a deleted one, or the whole workspace.
   *
   * @param path of the one file; null for the workspace
   * @param iteration of the one file
   * @param at a time to which the workspace goes back
   * @param sequence the number of an iteration to which the workspace goes back
   */
  record Restore(String sessionId, String path, Long iteration, String at, String sequence)
      implements ForSession {

    public Optional<String> fault() {
      if ((path == null) != (iteration == null)) {
        return Optional.of(
            path == null
                ? "'iteration' needs 'path'"
                : "'path' needs 'iteration', which is missing");
      }
      return exactlyOne(path != null, at != null, sequence != null)
          ? Optional.empty()
          : Optional.of("exactly one of 'path', 'at' and 'sequence' must be given");
    }
  }

  /**
   * Asks for the files of a workspace in one piece, as they are now or were.
   *
   * @param at a time; null for now
   * @param snapshot name of a snapshot; null for now
   */
  record OpenArchive(String sessionId, String format, String at, String snapshot)
      implements ForSession {

    public Optional<String> fault() {
      return at == null || snapshot == null
          ? Optional.empty()
          : Optional.of("'at' and 'snapshot' cannot both be given");
    }
  }

  /** The same as {@link DownloadFile}, by the id of the session's agent. */
  record DownloadAgentFile(String agentId, String path) implements ClientMessage {}

  /** The same as {@link UploadFile}, by the id of the session's agent. */
  record UploadAgentFile(String agentId, String path, byte[] content) implements ClientMessage {}

  record ListSnapshots(String sessionId) implements ForSession {}

  record CreateSnapshot(String sessionId, String name) implements ForSession {}

  record DeleteSnapshot(String sessionId, String name) implements ForSession {}

  record RestoreSnapshot(String sessionId, String name) implements ForSession {}

  record ReadRetention(String sessionId) implements ForSession {}

  /**
   * @param policy {@code all}, {@code last:N} or {@code thin}
   * @param excluded patterns, as {@code .gitignore} has them, of paths that are not versioned; null
   *     leaves them as they are
   */
  record SetRetention(String sessionId, String policy, List<String> excluded)
      implements ForSession {
    /** Text only. */
    public Optional<String> fault() {
      return excluded == null
              || excluded.stream().allMatch(one -> one != null && one.length() <= 1000)
          ? Optional.empty()
          : Optional.of("excluded must have patterns of at most 1000 characters");
    }
  }

  /** Makes the server's policy hold again. */
  record ClearRetention(String sessionId) implements ForSession {}

  /**
   * @param userId of the member; or their {@code email}
   * @param role null where the action needs none
   * @param sessions that an invitation shares; null for none
   */
  record ManageMembers(
      String action,
      String userId,
      String email,
      Role role,
      List<MemberMessage.SessionShare> sessions)
      implements ClientMessage {

    public Optional<String> fault() {
      return switch (action) {
        case "invite" ->
            email == null
                ? Optional.of("'email' is missing, which 'invite' needs")
                : faultOfRole()
                    .or(() -> new MemberMessage.InviteMember(email, role, sessions).fault());
        case "set_role" -> faultOfMember().or(this::faultOfRole);
        case "remove" -> faultOfMember();
        default -> Optional.empty();
      };
    }

    private Optional<String> faultOfMember() {
      return exactlyOne(userId != null, email != null)
          ? Optional.empty()
          : Optional.of("'%s' needs either 'userId' or 'email'".formatted(action));
    }

    private Optional<String> faultOfRole() {
      return role == null
          ? Optional.of("'role' is missing, which '%s' needs".formatted(action))
          : Optional.empty();
    }
  }

  /**
   * A file for a turn. Exactly one of {@code dataBase64} and {@code path} is set.
   *
   * @param name of the file, without a folder; at most 200 bytes
   * @param mediaType at most 127 characters, for example {@code image/png}
   * @param path of a file of the workspace
   */
  record Attachment(String name, String mediaType, String dataBase64, String path) {
    private static final int MAX_NAME = 200;
    private static final int MAX_MEDIA_TYPE = 127;
    private static final int MAX_PATH = 4000;

    private static Optional<String> faultOf(List<Attachment> all) {
      Set<String> names = new HashSet<>();
      for (int i = 0; i < all.size(); i++) {
        String place = "'attachments[" + i + "]";
        Attachment one = all.get(i);
        Optional<String> fault =
            one == null
                ? Optional.of("' must be an object")
                : one.fault()
                    .or(
                        () ->
                            one.dataBase64() == null || names.add(one.name())
                                ? Optional.empty()
                                : Optional.of(".name' is the name of another attachment"));
        if (fault.isPresent()) {
          return fault.map(text -> place + text);
        }
      }
      return Optional.empty();
    }

    /** What is wrong, beginning with the rest of the field's name. */
    private Optional<String> fault() {
      if (!isFileName(name)) {
        return Optional.of(".name' must be a file name of at most " + MAX_NAME + " bytes");
      }
      if (mediaType == null || mediaType.isBlank() || mediaType.length() > MAX_MEDIA_TYPE) {
        return Optional.of(".mediaType' must have 1 to " + MAX_MEDIA_TYPE + " characters");
      }
      if (!exactlyOne(dataBase64 != null, path != null)) {
        return Optional.of("' needs either 'dataBase64' or 'path'");
      }
      return dataBase64 != null ? faultOfData() : faultOfPath();
    }

    private static boolean isFileName(String name) {
      return name != null
          && !name.isBlank()
          && name.getBytes(StandardCharsets.UTF_8).length <= MAX_NAME
          && !name.equals(".")
          && !name.equals("..")
          && name.chars().noneMatch(one -> one == '/' || one == '\\' || one < ' ');
    }

    private Optional<String> faultOfData() {
      try {
        Base64.getDecoder().decode(dataBase64);
        return Optional.empty();
      } catch (IllegalArgumentException e) {
        return Optional.of(".dataBase64' is not Base64");
      }
    }

    private Optional<String> faultOfPath() {
      boolean inside =
          path.length() <= MAX_PATH
              && path.indexOf('\0') < 0
              && Stream.of(path.split("/", -1))
                  .noneMatch(part -> part.isEmpty() || part.equals(".") || part.equals(".."));
      return inside
          ? Optional.empty()
          : Optional.of(".path' must be relative to the workspace, without '..'");
    }
  }

  private static boolean exactlyOne(boolean... given) {
    int count = 0;
    for (boolean one : given) {
      count += one ? 1 : 0;
    }
    return count == 1;
  }
}
