package dev.concert.gateway.files;

import dev.concert.bus.Addresses;
import dev.concert.contract.ContractTable;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.dispatch.SessionScope;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.ClientMessage;
import dev.concert.workspace.SnapshotMessages.CreateSnapshot;
import dev.concert.workspace.SnapshotMessages.DeleteSnapshot;
import dev.concert.workspace.SnapshotMessages.ListSnapshots;
import dev.concert.workspace.SnapshotMessages.RestoreWorkspace;
import dev.concert.workspace.WorkspaceMessages.RestoreFile;
import io.vertx.core.Future;
import java.time.Duration;

/**
 * Names moments of a workspace and goes back to them. A workspace is not restored during a turn.
 * Each file appears whole or stays as it is.
 */
record SnapshotHandlers(WorkspaceClient chronicle, SessionScope scope) {
  private static final Duration RESTORE_TIMEOUT = Duration.ofMinutes(9);

  void register(Handlers handlers) {
    handlers
        .serve(
            ContractTable.LIST_SNAPSHOTS,
            scope.besideSession(
                (session, _) ->
                    chronicle.request(
                        Addresses.LIST_SNAPSHOTS, new ListSnapshots(session.workspaceId()))))
        .serve(
            ContractTable.CREATE_SNAPSHOT,
            scope.besideSession(
                (session, request) ->
                    chronicle.request(
                        Addresses.CREATE_SNAPSHOT,
                        new CreateSnapshot(session.workspaceId(), request.message().name()))))
        .serve(
            ContractTable.DELETE_SNAPSHOT,
            scope.besideSession(
                (session, request) ->
                    chronicle.request(
                        Addresses.DELETE_SNAPSHOT,
                        new DeleteSnapshot(session.workspaceId(), request.message().name()))))
        .serve(
            ContractTable.RESTORE_SNAPSHOT,
            scope.besideSession(
                (session, request) -> restoreWorkspace(session, request.message().name())))
        .serve(
            ContractTable.RESTORE_FILES,
            scope.besideSession((session, request) -> restore(session, request.message())));
  }

  private Future<Record> restore(Session session, ClientMessage.Restore message) {
    if (message.path() != null) {
      return chronicle
          .request(
              Addresses.RESTORE_FILE,
              new RestoreFile(session.workspaceId(), message.path(), message.iteration()))
          .map(written -> written);
    }
    return restoreWorkspace(
        session, message.at() == null ? "#" + message.sequence() : "@" + message.at());
  }

  private Future<Record> restoreWorkspace(Session session, String moment) {
    RestoreWorkspace request = new RestoreWorkspace(session.workspaceId(), moment);
    return session
        .betweenTurns()
        .compose(_ -> chronicle.request(Addresses.RESTORE_WORKSPACE, request, RESTORE_TIMEOUT))
        .map(restored -> restored);
  }
}
