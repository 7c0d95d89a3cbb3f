package dev.concert.protocol;

import static dev.concert.protocol.Field.array;
import static dev.concert.protocol.Field.choice;
import static dev.concert.protocol.Field.flag;
import static dev.concert.protocol.Field.integer;
import static dev.concert.protocol.Field.object;
import static dev.concert.protocol.Field.string;
import static dev.concert.protocol.Permission.MEMBERS_MANAGE;
import static dev.concert.protocol.Permission.THREADS_CREATE;
import static dev.concert.protocol.Permission.THREADS_DELETE;
import static dev.concert.protocol.Permission.THREADS_READ;
import static dev.concert.protocol.Permission.THREADS_WRITE;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The table of client messages: name, record, fields, reply, who may, in which order. Validation,
 * decoding, dispatch, {@code docs/protocol.json} and its page come from it and from nothing else.
 */
public final class ClientProtocol {
  public static final int VERSION = 1;
  public static final List<Integer> VERSIONS = List.of(1, 2);

  /** Largest raw frame, in bytes; a larger one is refused before it is parsed. */
  public static final int MAX_FRAME = 1 << 20;

  private static final int TEXT = MAX_FRAME;
  private static final int ID = 128;
  private static final int PATH = 4096;
  private static final long COUNT = Long.MAX_VALUE;
  private static final Field SESSION = string("sessionId", ID);

  /**
   * Which messages wait for each other: those with the same key are worked on one after the other.
   */
  public enum Ordering {
    CONNECTION,
    SESSION,
    NONE
  }

  /**
   * One row.
   *
   * @param reply type of the direct reply
   * @param permission what the caller must be allowed; empty when anybody may
   */
  public record Row(
      String type,
      Class<? extends ClientMessage> message,
      String reply,
      Optional<Permission> permission,
      Ordering ordering,
      int since,
      List<Field> fields) {}

  // spotless:off
  private static final List<Row> ROWS = List.of(
      row("authenticate", ClientMessage.Authenticate.class, "authenticated", null, Ordering.CONNECTION,
          string("token", 16 * 1024), integer("protocolVersion", 0, 1000).optional()),
      row("list_sessions", ClientMessage.ListSessions.class, "session_list", THREADS_READ, Ordering.CONNECTION,
          flag("includeArchived").orElse(false), integer("limit", 1, 500).orElse(100),
          string("cursor", 256).optional()),
      row("create_session", ClientMessage.CreateSession.class, "session_created", THREADS_CREATE, Ordering.CONNECTION,
          string("agentType", 64), string("name", 200).optional(),
          string("projectId", ID).optional(), object("metadata", 16 * 1024).optional(),
          string("model", 200).optional()),
      row("rename_session", ClientMessage.RenameSession.class, "session_updated", THREADS_WRITE, Ordering.SESSION,
          SESSION, string("name", 200)),
      row("archive_session", ClientMessage.ArchiveSession.class, "session_archived", THREADS_WRITE, Ordering.SESSION,
          SESSION),
      row("unarchive_session", ClientMessage.UnarchiveSession.class, "session_unarchived", THREADS_WRITE, Ordering.SESSION,
          SESSION),
      row("delete_session", ClientMessage.DeleteSession.class, "session_deleted", THREADS_DELETE, Ordering.SESSION,
          SESSION),
      row("join_session", ClientMessage.JoinSession.class, "state_snapshot", THREADS_READ, Ordering.SESSION,
          SESSION, integer("afterSeq", 0, COUNT).optional()),
      row("leave_session", ClientMessage.LeaveSession.class, "session_left", THREADS_READ, Ordering.SESSION,
          SESSION),
      row("run_turn", ClientMessage.RunTurn.class, "turn_started", THREADS_WRITE, Ordering.SESSION,
          SESSION, string("text", TEXT), string("clientTurnId", ID).optional(),
          array("attachments", 20).optional()),
      row("stop_turn", ClientMessage.StopTurn.class, "turn_complete", THREADS_WRITE, Ordering.SESSION,
          SESSION),
      row("steer", ClientMessage.Steer.class, "turn_steered", THREADS_WRITE, Ordering.SESSION,
          SESSION, string("text", TEXT)),
      row("answer_question", ClientMessage.AnswerQuestion.class, "approval_resolved", THREADS_WRITE, Ordering.SESSION,
          SESSION, string("questionId", ID), object("answers", 64 * 1024).optional(),
          flag("approved").optional(), choice("remember", "once", "session").optional(),
          flag("dismissed").optional()),
      row("get_history", ClientMessage.GetHistory.class, "history", THREADS_READ, Ordering.SESSION,
          SESSION, integer("limit", 1, 500).orElse(50), string("before", ID).optional()),
      row("get_events", ClientMessage.GetEvents.class, "events", THREADS_READ, Ordering.SESSION,
          SESSION, integer("afterSeq", 0, COUNT), integer("limit", 1, 5000).orElse(1000)),
      row("ping", ClientMessage.Ping.class, "pong", null, Ordering.NONE,
          integer("ts", Long.MIN_VALUE, COUNT).optional()),
      row("list_files", ClientMessage.ListFiles.class, "file_list", THREADS_READ, Ordering.NONE,
          SESSION, string("path", PATH).orEmpty().orElse(""),
          integer("depth", 1, 10).orElse(1)),
      row("read_file", ClientMessage.ReadFile.class, "file_content", THREADS_READ, Ordering.NONE,
          SESSION, string("path", PATH)),
      row("file_history", ClientMessage.FileHistory.class, "file_history", THREADS_READ, Ordering.NONE,
          SESSION, string("path", PATH)),
      row("file_at_iteration", ClientMessage.FileAtIteration.class, "file_at_iteration", THREADS_READ, Ordering.NONE,
          SESSION, string("path", PATH), integer("iteration", 1, COUNT)),
      row("manage_members", ClientMessage.ManageMembers.class, "member_list or member_changed", MEMBERS_MANAGE, Ordering.CONNECTION,
          choice("action", "list", "invite", "set_role", "remove"),
          string("userId", ID).optional(), string("email", 320).optional(),
          string("role", 32).optional()));
  // spotless:on

  private static final Map<String, Row> BY_TYPE =
      ROWS.stream().collect(Collectors.toUnmodifiableMap(Row::type, Function.identity()));

  private ClientProtocol() {}

  private static Row row(
      String type,
      Class<? extends ClientMessage> message,
      String reply,
      Permission permission,
      Ordering ordering,
      Field... fields) {
    return new Row(
        type, message, reply, Optional.ofNullable(permission), ordering, 1, Arrays.asList(fields));
  }

  public static List<Row> rows() {
    return ROWS;
  }

  static Optional<Row> row(String type) {
    return Optional.ofNullable(BY_TYPE.get(type));
  }
}
