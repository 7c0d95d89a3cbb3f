package dev.concert.gateway.session;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.error.Problem;
import dev.concert.podium.PodiumMessages.Attachment;
import dev.concert.protocol.ClientMessage;
import dev.concert.workspace.WorkspaceMessages.Piece;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * The files that come with a turn. Those of the workspace must be there before the turn starts. The
 * others are written to {@code attachments/TURN/NAME} of the workspace before the agent gets the
 * message, which names them by their paths. Used on the session's context only.
 */
final class TurnAttachments {
  private static final Duration TIMEOUT = Duration.ofSeconds(20);
  private static final String FOLDER = "attachments";
  private static final Piece FIRST_BYTE = new Piece(0, 1);

  private final ConcertBus bus;
  private final String workspaceId;

  TurnAttachments(ConcertBus bus, String workspaceId) {
    this.bus = bus;
    this.workspaceId = workspaceId;
  }

  private static List<ClientMessage.Attachment> of(ClientMessage.RunTurn message) {
    return message.attachments() == null ? List.of() : message.attachments();
  }

  /** Fails where an attachment names a file that the workspace does not have; names the field. */
  Future<Void> check(ClientMessage.RunTurn message) {
    Future<Void> checked = Future.succeededFuture();
    List<ClientMessage.Attachment> all = of(message);
    for (int i = 0; i < all.size(); i++) {
      String path = all.get(i).path();
      String field = "attachments[%d].path".formatted(i);
      if (path != null) {
        checked = checked.compose(_ -> check(field, path));
      }
    }
    return checked;
  }

  private Future<Void> check(String field, String path) {
    return bus.request(Addresses.READ_FILE, new ReadFile(workspaceId, path, FIRST_BYTE), TIMEOUT)
        .recover(failure -> Future.failedFuture(named("'" + field + "': ", failure)))
        .mapEmpty();
  }

  /** Writes what the workspace does not have yet; the attachments as the agent gets them. */
  Future<List<Attachment>> land(String turnId, ClientMessage.RunTurn message) {
    Future<List<Attachment>> landed = Future.succeededFuture(new ArrayList<>());
    for (ClientMessage.Attachment one : of(message)) {
      landed =
          landed.compose(
              before ->
                  place(turnId, one)
                      .map(
                          path -> {
                            before.add(new Attachment(one.name(), one.mediaType(), null, path));
                            return before;
                          }));
    }
    return landed;
  }

  private Future<String> place(String turnId, ClientMessage.Attachment one) {
    if (one.path() != null) {
      return Future.succeededFuture(one.path());
    }
    String path = String.join("/", FOLDER, turnId, one.name());
    return bus.request(
            Addresses.WRITE_FILE, new WriteFile(workspaceId, path, one.dataBase64()), TIMEOUT)
        .map(path)
        .recover(
            failure ->
                Future.failedFuture(
                    named(
                        "The attachment '%s' could not be written. ".formatted(one.name()),
                        failure)));
  }

  private static Throwable named(String what, Throwable failure) {
    Problem problem = Problem.of(failure);
    return problem.code() == ErrorCode.INTERNAL
        ? failure
        : new ConcertException(problem.code(), what + problem.message(), failure);
  }
}
