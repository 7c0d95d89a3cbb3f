package dev.concert.gateway.files;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.contract.ContractTable;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.dispatch.SessionScope;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.ClientMessage;
import dev.concert.protocol.ServerEvent;
import dev.concert.workspace.WorkspaceMessages.FileEntry;
import dev.concert.workspace.WorkspaceMessages.FileIteration;
import dev.concert.workspace.WorkspaceMessages.ListFiles;
import dev.concert.workspace.WorkspaceMessages.Piece;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.ReadHistory;
import dev.concert.workspace.WorkspaceMessages.ReadIteration;
import dev.concert.workspace.WorkspaceMessages.SkippedVersions;
import io.vertx.core.Future;

/** Lists and reads the files of a session, as they are and as they were. */
public final class FileHandlers {
  private static final int DEFAULT_PIECE = 1 << 20;

  private final WorkspaceClient chronicle;
  private final SessionScope scope;

  public FileHandlers(ConcertBus bus, SessionScope scope) {
    this.chronicle = new WorkspaceClient(bus);
    this.scope = scope;
  }

  public void register(Handlers handlers) {
    handlers
        .serve(ContractTable.LIST_FILES, scope.besideSession(this::list))
        .serve(ContractTable.READ_FILE, scope.besideSession(this::read))
        .serve(ContractTable.FILE_HISTORY, scope.besideSession(this::history))
        .serve(ContractTable.FILE_AT_ITERATION, scope.besideSession(this::atIteration));
    new TransferHandlers(chronicle, scope).register(handlers);
    new SnapshotHandlers(chronicle, scope).register(handlers);
    new RetentionHandlers(chronicle, scope).register(handlers);
  }

  private Future<ServerEvent.FileList> list(
      Session session, ApiRequest<ClientMessage.ListFiles> request) {
    ClientMessage.ListFiles message = request.message();
    return chronicle
        .request(
            Addresses.LIST_FILES,
            new ListFiles(session.workspaceId(), message.path(), message.depth(), message.cursor()))
        .map(
            found ->
                new ServerEvent.FileList(
                    session.id(),
                    found.path(),
                    found.entries().stream().map(FileHandlers::entry).toList(),
                    found.nextCursor()));
  }

  private static ServerEvent.FileEntry entry(FileEntry one) {
    return new ServerEvent.FileEntry(
        one.path(), one.type(), one.size(), one.modifiedAt(), one.iteration());
  }

  private Future<ServerEvent.FileContent> read(
      Session session, ApiRequest<ClientMessage.ReadFile> request) {
    ClientMessage.ReadFile message = request.message();
    Piece piece = piece(message.offset(), message.length());
    return chronicle
        .request(Addresses.READ_FILE, new ReadFile(session.workspaceId(), message.path(), piece))
        .map(
            found ->
                new ServerEvent.FileContent(
                    session.id(),
                    found.path(),
                    found.encoding(),
                    found.content(),
                    found.size(),
                    found.iteration(),
                    found.hash(),
                    found.nextOffset()));
  }

  /** The piece that these fields of a request name; null where they name the whole file. */
  static Piece piece(Long offset, Integer length) {
    return offset == null && length == null
        ? null
        : new Piece(offset == null ? 0 : offset, length == null ? DEFAULT_PIECE : length);
  }

  private Future<ServerEvent.FileHistory> history(
      Session session, ApiRequest<ClientMessage.FileHistory> request) {
    return chronicle
        .request(
            Addresses.READ_HISTORY,
            new ReadHistory(session.workspaceId(), request.message().path()))
        .map(
            found ->
                new ServerEvent.FileHistory(
                    session.id(),
                    found.path(),
                    found.iterations().stream().map(FileHandlers::iteration).toList(),
                    found.skipped().stream().map(FileHandlers::skipped).toList(),
                    found.excluded()));
  }

  private static ServerEvent.SkippedVersions skipped(SkippedVersions one) {
    return new ServerEvent.SkippedVersions(
        one.after(), one.reason(), one.from(), one.to(), one.count(), one.size());
  }

  private static ServerEvent.FileIteration iteration(FileIteration one) {
    return new ServerEvent.FileIteration(
        one.iteration(), one.timestamp(), one.size(), one.hash(), one.deleted());
  }

  private Future<ServerEvent.FileAtIteration> atIteration(
      Session session, ApiRequest<ClientMessage.FileAtIteration> request) {
    ClientMessage.FileAtIteration message = request.message();
    return chronicle
        .request(
            Addresses.READ_ITERATION,
            new ReadIteration(
                session.workspaceId(),
                message.path(),
                message.iteration(),
                piece(message.offset(), message.length())))
        .map(
            found ->
                new ServerEvent.FileAtIteration(
                    session.id(),
                    found.path(),
                    found.iteration(),
                    found.encoding(),
                    found.content(),
                    found.size(),
                    found.hash(),
                    found.nextOffset()));
  }
}
