package dev.concert.gateway.project;

import dev.concert.bus.Address;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.ProjectAddresses;
import dev.concert.contract.ModelOperations;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.dispatch.SessionScope;
import dev.concert.protocol.ProjectMessage;
import dev.concert.workspace.ProjectMessages;
import dev.concert.workspace.ProjectMessages.Folders;
import dev.concert.workspace.ProjectMessages.SessionFolder;
import dev.concert.workspace.ProjectMessages.SetUpCommand;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Has the project service open folders and apply changes, where this server has one. */
public record ProjectHandlers(ConcertBus bus) {
  private static final Duration SHORT = Duration.ofSeconds(15);

  public void register(Handlers handlers, SessionScope scope) {
    handlers
        .serve(
            ModelOperations.LIST_FOLDERS,
            _ ->
                ask(
                    ProjectAddresses.LIST_FOLDERS,
                    new ProjectMessages.ListFolders(),
                    SHORT,
                    Optional.of(new Folders(List.of()))))
        .serve(
            ModelOperations.GET_FOLDER,
            scope.besideSession(
                (session, _) ->
                    ask(
                        ProjectAddresses.FIND_FOLDER,
                        new ProjectMessages.FindFolder(session.id()),
                        SHORT,
                        Optional.of(new SessionFolder(null)))))
        .serve(
            ModelOperations.OPEN_FOLDER,
            scope.besideSession(
                (session, request) ->
                    ask(
                        ProjectAddresses.OPEN_FOLDER,
                        opening(session.id(), request.message()),
                        ModelOperations.LONGEST,
                        Optional.empty())))
        .serve(
            ModelOperations.APPLY_CHANGES,
            scope.besideSession(
                (session, request) ->
                    ask(
                        ProjectAddresses.APPLY_CHANGES,
                        new ProjectMessages.ApplyChanges(session.id(), request.message().paths()),
                        ModelOperations.LONGEST,
                        Optional.empty())));
  }

  private static ProjectMessages.OpenFolder opening(
      String session, ProjectMessage.OpenFolder asked) {
    return new ProjectMessages.OpenFolder(
        session,
        asked.folder(),
        asked.otherBranch(),
        asked.setUp() == null ? null : new SetUpCommand(asked.setUp(), asked.setUpWanted()));
  }

  /**
   * @param without the answer of a server that has no such service; empty where it refuses
   */
  private <Q extends Record, R extends Record> Future<R> ask(
      Address<Q, R> address, Q message, Duration timeout, Optional<R> without) {
    return bus.request(address, message, timeout)
        .recover(
            failure ->
                failure instanceof ConcertException told
                        && told.problem().code() == address.service().unavailable()
                    ? without.map(Future::succeededFuture).orElseGet(ProjectHandlers::refused)
                    : Future.failedFuture(failure));
  }

  private static <T> Future<T> refused() {
    return Future.failedFuture(
        new ConcertException(
            ErrorCode.PATH_INVALID,
            "This server opens no folders. A developer's own server does, where projects.roots"
                + " names some."));
  }
}
