package dev.concert.gateway.dispatch;

import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.Identity;
import dev.concert.protocol.ServerEvent;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.ListFiles;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.ReadHistory;
import dev.concert.workspace.WorkspaceMessages.ReadIteration;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Function;

/** Answers what is asked about the files of a session, by asking Chronicle. */
public final class FileRequests {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final ConcertBus bus;
  private final SessionDirectory directory;

  public FileRequests(ConcertBus bus, SessionDirectory directory) {
    this.bus = bus;
    this.directory = directory;
  }

  Future<ServerEvent.FileList> list(Identity who, ClientMessage.ListFiles message) {
    return ask(
        who,
        message,
        Addresses.LIST_FILES,
        workspace -> new ListFiles(workspace, message.path(), message.depth()),
        found ->
            new ServerEvent.FileList(
                message.sessionId(),
                found.path(),
                found.entries().stream()
                    .map(
                        entry ->
                            new ServerEvent.FileEntry(
                                entry.path(),
                                entry.type(),
                                entry.size(),
                                entry.modifiedAt(),
                                entry.iteration()))
                    .toList()));
  }

  Future<ServerEvent.FileContent> read(Identity who, ClientMessage.ReadFile message) {
    return ask(
        who,
        message,
        Addresses.READ_FILE,
        workspace -> new ReadFile(workspace, message.path()),
        found -> content(message.sessionId(), found));
  }

  Future<ServerEvent.FileHistory> history(Identity who, ClientMessage.FileHistory message) {
    return ask(
        who,
        message,
        Addresses.READ_HISTORY,
        workspace -> new ReadHistory(workspace, message.path()),
        found ->
            new ServerEvent.FileHistory(
                message.sessionId(),
                found.path(),
                found.iterations().stream()
                    .map(
                        one ->
                            new ServerEvent.FileIteration(
                                one.iteration(),
                                one.timestamp(),
                                one.size(),
                                one.hash(),
                                one.deleted()))
                    .toList()));
  }

  Future<ServerEvent.FileAtIteration> at(Identity who, ClientMessage.FileAtIteration message) {
    return ask(
        who,
        message,
        Addresses.READ_ITERATION,
        workspace -> new ReadIteration(workspace, message.path(), message.iteration()),
        found ->
            new ServerEvent.FileAtIteration(
                message.sessionId(),
                found.path(),
                found.iteration(),
                found.encoding(),
                found.content(),
                found.size(),
                found.hash()));
  }

  private static ServerEvent.FileContent content(String sessionId, FileContent found) {
    return new ServerEvent.FileContent(
        sessionId,
        found.path(),
        found.encoding(),
        found.content(),
        found.size(),
        found.iteration(),
        found.hash());
  }

  private <Q extends Record, R extends Record, E extends ServerEvent> Future<E> ask(
      Identity who,
      ClientMessage.ForSession message,
      Address<Q, R> address,
      Function<String, Q> question,
      Function<R, E> answer) {
    return directory
        .find(who.tenantId(), message.sessionId())
        .map(Session::workspaceId)
        .compose(workspace -> bus.request(address, question.apply(workspace), PATIENCE))
        .map(answer);
  }
}
