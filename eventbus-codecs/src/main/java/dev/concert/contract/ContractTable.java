package dev.concert.contract;

import static dev.concert.contract.ApiOperation.event;
import static dev.concert.contract.ApiOperation.message;
import static dev.concert.contract.ApiOperation.route;
import static dev.concert.contract.Field.array;
import static dev.concert.contract.Field.bytes;
import static dev.concert.contract.Field.choice;
import static dev.concert.contract.Field.flag;
import static dev.concert.contract.Field.integer;
import static dev.concert.contract.Field.line;
import static dev.concert.contract.Field.object;
import static dev.concert.contract.Field.string;
import static dev.concert.contract.HttpRoute.Method.DELETE;
import static dev.concert.contract.HttpRoute.Method.GET;
import static dev.concert.contract.HttpRoute.Method.POST;
import static dev.concert.contract.HttpRoute.Method.PUT;
import static dev.concert.protocol.Permission.MEMBERS_MANAGE;
import static dev.concert.protocol.Permission.THREADS_CREATE;
import static dev.concert.protocol.Permission.THREADS_DELETE;
import static dev.concert.protocol.Permission.THREADS_READ;
import static dev.concert.protocol.Permission.THREADS_WRITE;

import dev.concert.bus.Accepted;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.ServerEvent;
import dev.concert.protocol.SessionDetails;
import dev.concert.protocol.SessionEvent;
import dev.concert.workspace.RetentionMessages.Retention;
import dev.concert.workspace.SnapshotMessages.Snapshot;
import dev.concert.workspace.SnapshotMessages.Snapshots;
import dev.concert.workspace.SnapshotMessages.WorkspaceRestored;
import dev.concert.workspace.WorkspaceMessages.FileDiff;
import dev.concert.workspace.WorkspaceMessages.FileWritten;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The contract table: one row for each operation. Validation, dispatch, HTTP routes, {@code
 * docs/protocol.json} and {@code docs/openapi.json} come from it and from nothing else.
 */
public final class ContractTable {
  private static final int TEXT = WireProtocol.MAX_FRAME;
  private static final int ID = 128;
  private static final int PATH = 4096;
  private static final long COUNT = Long.MAX_VALUE;
  private static final int UPLOAD = 10 << 20;

  /** The most bytes of a piece of a file, whose JSON is then at most twice as long. */
  private static final int PIECE = 1 << 20;

  /** A stop waits for an agent that is still starting, or that has to be taken down. */
  private static final Duration STOP = Duration.ofSeconds(90);

  /** An agent has to end first, and a workspace of many files takes long to remove. */
  private static final Duration REMOVAL = Duration.ofSeconds(90);

  /** A workspace of many files takes long to restore. */
  private static final Duration RESTORE = Duration.ofMinutes(10);

  private static final Field SESSION = string("sessionId", ID);
  private static final Field AGENT = string("agentId", ID + 16);
  private static final String ONE_SESSION = "/api/sessions/{sessionId}";
  private static final String OF_SESSION = ONE_SESSION + "/";
  private static final String OF_AGENT = "/agent/{agentId}/files/{path+}";

  // spotless:off
  // connection
  public static final ApiOperation<ClientMessage.Authenticate, ServerEvent.Authenticated> AUTHENTICATE =
      message("authenticate", ClientMessage.Authenticate.class, ServerEvent.Authenticated.class)
          .takes(string("token", 16 * 1024), integer("protocolVersion", 0, 1000).optional());

  public static final ApiOperation<ClientMessage.Ping, ServerEvent.Pong> PING =
      message("ping", ClientMessage.Ping.class, ServerEvent.Pong.class)
          .takes(integer("ts", Long.MIN_VALUE, COUNT).optional());

  // sessions
  public static final ApiOperation<ClientMessage.ListSessions, ServerEvent.SessionList> LIST_SESSIONS =
      message("list_sessions", ClientMessage.ListSessions.class, ServerEvent.SessionList.class)
          .needs(THREADS_READ)
          .takes(flag("includeArchived").orElse(false), integer("limit", 1, 500).orElse(100),
              string("cursor", 256).optional())
          .alsoAt(GET, "/api/sessions");

  public static final ApiOperation<ClientMessage.CreateSession, ServerEvent.SessionCreated> CREATE_SESSION =
      message("create_session", ClientMessage.CreateSession.class, ServerEvent.SessionCreated.class)
          .needs(THREADS_CREATE)
          .takes(string("agentType", 64), line("name", 200).optional(),
              string("projectId", ID).optional(), object("metadata", 16 * 1024).optional(),
              string("model", 200).optional(), choice("visibility", "private", "tenant").optional())
          .alsoAt(POST, "/api/sessions").withStatus(201);

  public static final ApiOperation<ClientMessage.GetSession, SessionDetails> GET_SESSION =
      route("get_session", ClientMessage.GetSession.class, SessionDetails.class, GET, ONE_SESSION)
          .needs(THREADS_READ).takes(SESSION);

  public static final ApiOperation<ClientMessage.RenameSession, ServerEvent.SessionUpdated> RENAME_SESSION =
      message("rename_session", ClientMessage.RenameSession.class, ServerEvent.SessionUpdated.class)
          .needs(THREADS_WRITE).takes(SESSION, line("name", 200)).alsoAt(PUT, OF_SESSION + "name");

  public static final ApiOperation<ClientMessage.ArchiveSession, ServerEvent.SessionArchived> ARCHIVE_SESSION =
      message("archive_session", ClientMessage.ArchiveSession.class, ServerEvent.SessionArchived.class)
          .needs(THREADS_WRITE).takes(SESSION).within(REMOVAL).alsoAt(PUT, OF_SESSION + "archived");

  public static final ApiOperation<ClientMessage.UnarchiveSession, ServerEvent.SessionUnarchived> UNARCHIVE_SESSION =
      message("unarchive_session", ClientMessage.UnarchiveSession.class, ServerEvent.SessionUnarchived.class)
          .needs(THREADS_WRITE).takes(SESSION).alsoAt(DELETE, OF_SESSION + "archived");

  public static final ApiOperation<ClientMessage.DeleteSession, ServerEvent.SessionDeleted> DELETE_SESSION =
      message("delete_session", ClientMessage.DeleteSession.class, ServerEvent.SessionDeleted.class)
          .needs(THREADS_DELETE).takes(SESSION).within(REMOVAL).alsoAt(DELETE, ONE_SESSION);

  public static final ApiOperation<ClientMessage.JoinSession, ServerEvent.StateSnapshot> JOIN_SESSION =
      message("join_session", ClientMessage.JoinSession.class, ServerEvent.StateSnapshot.class)
          .needs(THREADS_READ).takes(SESSION, integer("afterSeq", 0, COUNT).optional());

  public static final ApiOperation<ClientMessage.LeaveSession, ServerEvent.SessionLeft> LEAVE_SESSION =
      message("leave_session", ClientMessage.LeaveSession.class, ServerEvent.SessionLeft.class)
          .needs(THREADS_READ).takes(SESSION);

  // turns
  public static final ApiOperation<ClientMessage.RunTurn, SessionEvent> RUN_TURN =
      event("run_turn", ClientMessage.RunTurn.class, ServerEvent.TurnStarted.class)
          .needs(THREADS_WRITE)
          .takes(SESSION, string("text", TEXT), string("clientTurnId", ID).optional(),
              array("attachments", 20).optional())
          .where(ClientMessage.RunTurn::fault)
          .alsoAt(POST, OF_SESSION + "turns").withStatus(202);

  public static final ApiOperation<ClientMessage.StopTurn, SessionEvent> STOP_TURN =
      event("stop_turn", ClientMessage.StopTurn.class, ServerEvent.TurnComplete.class)
          .needs(THREADS_WRITE).takes(SESSION).within(STOP).alsoAt(DELETE, OF_SESSION + "turn");

  public static final ApiOperation<ClientMessage.Steer, SessionEvent> STEER =
      event("steer", ClientMessage.Steer.class, ServerEvent.TurnSteered.class)
          .needs(THREADS_WRITE).takes(SESSION, string("text", TEXT)).alsoAt(POST, OF_SESSION + "turn/steer");

  public static final ApiOperation<ClientMessage.AnswerQuestion, SessionEvent> ANSWER_QUESTION =
      event("answer_question", ClientMessage.AnswerQuestion.class, ServerEvent.ApprovalResolved.class)
          .needs(THREADS_WRITE)
          .takes(SESSION, string("questionId", ID), object("answers", 64 * 1024).optional(),
              flag("approved").optional(), choice("remember", "once", "session").optional(),
              flag("dismissed").optional())
          .where(ClientMessage.AnswerQuestion::fault)
          .alsoAt(POST, OF_SESSION + "questions/{questionId}");

  // the past of a session
  public static final ApiOperation<ClientMessage.GetHistory, ServerEvent.History> GET_HISTORY =
      message("get_history", ClientMessage.GetHistory.class, ServerEvent.History.class)
          .needs(THREADS_READ)
          .takes(SESSION, integer("limit", 1, 500).orElse(50), string("before", ID).optional())
          .alsoAt(GET, OF_SESSION + "messages");

  public static final ApiOperation<ClientMessage.GetEvents, ServerEvent.Events> GET_EVENTS =
      message("get_events", ClientMessage.GetEvents.class, ServerEvent.Events.class)
          .needs(THREADS_READ)
          .takes(SESSION, integer("afterSeq", 0, COUNT), integer("limit", 1, 5000).orElse(1000))
          .alsoAt(GET, OF_SESSION + "events");

  // files
  public static final ApiOperation<ClientMessage.ListFiles, ServerEvent.FileList> LIST_FILES =
      message("list_files", ClientMessage.ListFiles.class, ServerEvent.FileList.class)
          .needs(THREADS_READ)
          .takes(SESSION, string("path", PATH).orEmpty().orElse(""), integer("depth", 1, 10).orElse(1),
              string("cursor", 2 * PATH).optional())
          .alsoAt(GET, OF_SESSION + "files");

  public static final ApiOperation<ClientMessage.ReadFile, ServerEvent.FileContent> READ_FILE =
      message("read_file", ClientMessage.ReadFile.class, ServerEvent.FileContent.class)
          .needs(THREADS_READ)
          .takes(SESSION, string("path", PATH), integer("offset", 0, COUNT).optional(),
              integer("length", 1, PIECE).optional());

  public static final ApiOperation<ClientMessage.FileHistory, ServerEvent.FileHistory> FILE_HISTORY =
      message("file_history", ClientMessage.FileHistory.class, ServerEvent.FileHistory.class)
          .needs(THREADS_READ).takes(SESSION, string("path", PATH))
          .alsoAt(GET, OF_SESSION + "history");

  public static final ApiOperation<ClientMessage.FileAtIteration, ServerEvent.FileAtIteration> FILE_AT_ITERATION =
      message("file_at_iteration", ClientMessage.FileAtIteration.class, ServerEvent.FileAtIteration.class)
          .needs(THREADS_READ)
          .takes(SESSION, string("path", PATH), integer("iteration", 1, COUNT),
              integer("offset", 0, COUNT).optional(), integer("length", 1, PIECE).optional());

  public static final ApiOperation<ClientMessage.DownloadFile, FileBytes> DOWNLOAD_FILE =
      route("download_file", ClientMessage.DownloadFile.class, FileBytes.class, GET, OF_SESSION + "file")
          .needs(THREADS_READ)
          .takes(SESSION, string("path", PATH), integer("iteration", 1, COUNT).optional(),
              integer("offset", 0, COUNT).optional(), integer("length", 1, PIECE).optional());

  public static final ApiOperation<ClientMessage.UploadFile, FileWritten> UPLOAD_FILE =
      route("upload_file", ClientMessage.UploadFile.class, FileWritten.class, PUT, OF_SESSION + "file")
          .needs(THREADS_WRITE).takes(SESSION, string("path", PATH), bytes("content", UPLOAD));

  public static final ApiOperation<ClientMessage.DeleteFile, FileWritten> DELETE_FILE =
      route("delete_file", ClientMessage.DeleteFile.class, FileWritten.class, DELETE, OF_SESSION + "file")
          .needs(THREADS_WRITE).takes(SESSION, string("path", PATH));

  public static final ApiOperation<ClientMessage.DiffFile, FileDiff> DIFF_FILE =
      route("diff_file", ClientMessage.DiffFile.class, FileDiff.class, GET, OF_SESSION + "diff")
          .needs(THREADS_READ)
          .takes(SESSION, string("path", PATH), integer("from", 0, COUNT), integer("to", 0, COUNT));

  public static final ApiOperation<ClientMessage.Restore, Record> RESTORE_FILES =
      restore("restore", ClientMessage.Restore.class, OF_SESSION + "restore")
          .orReplies(FileWritten.class)
          .takes(SESSION, string("path", PATH).optional().inTheQuery(),
              integer("iteration", 1, COUNT).optional().inTheQuery(),
              string("at", 64).acceptsNumber().optional(),
              string("sequence", 19).acceptsNumber().optional())
          .where(ClientMessage.Restore::fault);

  public static final ApiOperation<ClientMessage.OpenArchive, ByteStream> OPEN_ARCHIVE =
      route("open_archive", ClientMessage.OpenArchive.class, ByteStream.class, GET, OF_SESSION + "archive")
          .needs(THREADS_READ)
          .takes(SESSION, choice("format", "tar.gz", "zip").orElse("tar.gz"),
              string("at", 64).optional(), string("snapshot", 100).optional())
          .where(ClientMessage.OpenArchive::fault);

  public static final ApiOperation<ClientMessage.DownloadAgentFile, FileBytes> DOWNLOAD_AGENT_FILE =
      route("download_agent_file", ClientMessage.DownloadAgentFile.class, FileBytes.class, GET, OF_AGENT)
          .needs(THREADS_READ).takes(AGENT, string("path", PATH));

  public static final ApiOperation<ClientMessage.UploadAgentFile, FileWritten> UPLOAD_AGENT_FILE =
      route("upload_agent_file", ClientMessage.UploadAgentFile.class, FileWritten.class, POST, OF_AGENT)
          .needs(THREADS_WRITE).takes(AGENT, string("path", PATH), bytes("content", UPLOAD));

  // snapshots and retention
  public static final ApiOperation<ClientMessage.ListSnapshots, Snapshots> LIST_SNAPSHOTS =
      route("list_snapshots", ClientMessage.ListSnapshots.class, Snapshots.class, GET, OF_SESSION + "snapshots")
          .needs(THREADS_READ).takes(SESSION);

  public static final ApiOperation<ClientMessage.CreateSnapshot, Snapshot> CREATE_SNAPSHOT =
      route("create_snapshot", ClientMessage.CreateSnapshot.class, Snapshot.class, POST, OF_SESSION + "snapshots")
          .needs(THREADS_WRITE).takes(SESSION, line("name", 100));

  public static final ApiOperation<ClientMessage.DeleteSnapshot, Accepted> DELETE_SNAPSHOT =
      route("delete_snapshot", ClientMessage.DeleteSnapshot.class, Accepted.class, DELETE, OF_SESSION + "snapshots/{name}")
          .needs(THREADS_WRITE).takes(SESSION, string("name", 100));

  public static final ApiOperation<ClientMessage.RestoreSnapshot, Record> RESTORE_SNAPSHOT =
      restore("restore_snapshot", ClientMessage.RestoreSnapshot.class, OF_SESSION + "snapshots/{name}/restore")
          .takes(SESSION, string("name", 100));

  public static final ApiOperation<ClientMessage.ReadRetention, Retention> READ_RETENTION =
      route("read_retention", ClientMessage.ReadRetention.class, Retention.class, GET, OF_SESSION + "retention")
          .needs(THREADS_READ).takes(SESSION);

  public static final ApiOperation<ClientMessage.SetRetention, Retention> SET_RETENTION =
      route("set_retention", ClientMessage.SetRetention.class, Retention.class, PUT, OF_SESSION + "retention")
          .needs(THREADS_WRITE).takes(SESSION, string("policy", 64), array("excluded", 200).optional())
          .where(ClientMessage.SetRetention::fault);

  public static final ApiOperation<ClientMessage.ClearRetention, Retention> CLEAR_RETENTION =
      route("clear_retention", ClientMessage.ClearRetention.class, Retention.class, DELETE, OF_SESSION + "retention")
          .needs(THREADS_WRITE).takes(SESSION);

  // members
  public static final ApiOperation<ClientMessage.ManageMembers, Record> MANAGE_MEMBERS =
      ApiOperation.<ClientMessage.ManageMembers, Record>message("manage_members", ClientMessage.ManageMembers.class, ServerEvent.MemberList.class)
          .orReplies(ServerEvent.MemberChanged.class)
          .needs(MEMBERS_MANAGE)
          .takes(choice("action", "list", "invite", "set_role", "remove"),
              string("userId", ID).optional(), string("email", 320).optional(),
              choice("role", "guest", "viewer", "developer", "admin", "owner").optional(),
              array("sessions", 100).optional())
          .where(ClientMessage.ManageMembers::fault);
  // spotless:on

  /** The classes whose constants are the rows: this one, and one for each further group. */
  private static final List<Class<?>> GROUPS =
      List.of(
          ContractTable.class,
          KeyOperations.class,
          MemberOperations.class,
          BillingOperations.class,
          RewindOperations.class,
          ShareOperations.class,
          ModelOperations.class,
          BridgeOperations.class,
          AutomationOperations.class);

  private static final List<ApiOperation<? extends ClientMessage, ?>> ROWS =
      GROUPS.stream().flatMap(ContractTable::constants).toList();

  private static final Set<ApiOperation<?, ?>> VERSIONED =
      Set.of(
          GET_SESSION,
          RENAME_SESSION,
          ARCHIVE_SESSION,
          UNARCHIVE_SESSION,
          DELETE_SESSION,
          DOWNLOAD_FILE,
          UPLOAD_FILE,
          DELETE_FILE,
          UPLOAD_AGENT_FILE,
          READ_RETENTION,
          SET_RETENTION,
          CLEAR_RETENTION);

  private static final Map<String, ApiOperation<? extends ClientMessage, ?>> MESSAGES =
      ROWS.stream()
          .filter(ApiOperation::onSocket)
          .collect(Collectors.toUnmodifiableMap(ApiOperation::name, Function.identity()));

  private ContractTable() {}

  /** Every row, in the order in which they stand here. */
  public static List<ApiOperation<? extends ClientMessage, ?>> rows() {
    return ROWS;
  }

  /** The message of this type on the WebSocket, if there is one. */
  static Optional<ApiOperation<? extends ClientMessage, ?>> ofType(String type) {
    return Optional.ofNullable(MESSAGES.get(type));
  }

  /** The HTTP route that has the reply of this operation in any size, if there is one. */
  public static Optional<HttpRoute> routeOf(ApiOperation<?, ?> operation) {
    return operation == READ_FILE || operation == FILE_AT_ITERATION
        ? DOWNLOAD_FILE.http()
        : operation.http();
  }

  /** Whether HTTP also answers this operation with a stream of events. */
  public static boolean hasEventStream(ApiOperation<?, ?> operation) {
    return operation == RUN_TURN || operation == GET_EVENTS;
  }

  /** Whether HTTP names the version of what this operation reads or changes. */
  public static boolean isVersioned(ApiOperation<?, ?> operation) {
    return VERSIONED.contains(operation);
  }

  private static <Q extends ClientMessage> ApiOperation<Q, Record> restore(
      String name, Class<Q> request, String path) {
    return ApiOperation.<Q, Record>route(name, request, WorkspaceRestored.class, POST, path)
        .needs(THREADS_WRITE)
        .within(RESTORE);
  }

  /** The rows are the constants of a class, so that none can be forgotten in a list. */
  private static Stream<ApiOperation<? extends ClientMessage, ?>> constants(Class<?> group) {
    return Arrays.stream(group.getDeclaredFields())
        .filter(field -> field.getType() == ApiOperation.class)
        .filter(field -> Modifier.isStatic(field.getModifiers()))
        .map(ContractTable::value);
  }

  private static ApiOperation<? extends ClientMessage, ?> value(java.lang.reflect.Field field) {
    try {
      return (ApiOperation<?, ?>) field.get(null);
    } catch (IllegalAccessException e) {
      throw new LinkageError("A constant of this class cannot be read: " + field, e);
    }
  }
}
