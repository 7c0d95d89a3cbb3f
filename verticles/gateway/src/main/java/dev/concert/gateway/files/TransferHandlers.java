package dev.concert.gateway.files;

import dev.concert.bus.Addresses;
import dev.concert.contract.ContractTable;
import dev.concert.contract.FileBytes;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.dispatch.SessionScope;
import dev.concert.gateway.rest.EntityTag;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.ClientMessage;
import dev.concert.workspace.WorkspaceMessages.DeleteFile;
import dev.concert.workspace.WorkspaceMessages.DiffFile;
import dev.concert.workspace.WorkspaceMessages.FileContent;
import dev.concert.workspace.WorkspaceMessages.FileDiff;
import dev.concert.workspace.WorkspaceMessages.FileWritten;
import dev.concert.workspace.WorkspaceMessages.Piece;
import dev.concert.workspace.WorkspaceMessages.ReadFile;
import dev.concert.workspace.WorkspaceMessages.ReadIteration;
import dev.concert.workspace.WorkspaceMessages.WriteFile;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.OptionalLong;

/**
 * Downloads, uploads, deletes and compares files, by the id of their session or of its agent. Every
 * change is an iteration like any other: clients receive {@code file_changed}.
 */
record TransferHandlers(WorkspaceClient chronicle, SessionScope scope) {

  void register(Handlers handlers) {
    handlers
        .serve(
            ContractTable.DOWNLOAD_FILE,
            scope.besideSession((session, request) -> download(session, request.message())))
        .serve(
            ContractTable.UPLOAD_FILE,
            scope.besideSession(
                (session, request) ->
                    upload(
                        session, request, request.message().path(), request.message().content())))
        .serve(
            ContractTable.DELETE_FILE,
            scope.besideSession((session, request) -> delete(session, request.message(), request)))
        .serve(
            ContractTable.DIFF_FILE,
            scope.besideSession((session, request) -> diff(session, request.message())))
        .serve(
            ContractTable.DOWNLOAD_AGENT_FILE,
            scope.besideSession(
                message -> Session.idOfAgent(message.agentId()),
                (session, request) -> download(session, request.message().path(), null)))
        .serve(
            ContractTable.UPLOAD_AGENT_FILE,
            scope.besideSession(
                message -> Session.idOfAgent(message.agentId()),
                (session, request) ->
                    upload(
                        session, request, request.message().path(), request.message().content())));
  }

  private Future<FileBytes> download(Session session, ClientMessage.DownloadFile message) {
    Piece piece = FileHandlers.piece(message.offset(), message.length());
    return message.iteration() == null
        ? download(session, message.path(), piece)
        : chronicle
            .request(
                Addresses.READ_ITERATION,
                new ReadIteration(
                    session.workspaceId(), message.path(), message.iteration(), piece))
            .map(TransferHandlers::bytes);
  }

  private Future<FileBytes> download(Session session, String path, Piece piece) {
    return chronicle
        .request(Addresses.READ_FILE, new ReadFile(session.workspaceId(), path, piece))
        .map(TransferHandlers::bytes);
  }

  private static FileBytes bytes(FileContent found) {
    byte[] bytes =
        found.encoding().equals("base64")
            ? Base64.getDecoder().decode(found.content())
            : found.content().getBytes(StandardCharsets.UTF_8);
    OptionalLong next =
        found.nextOffset() == null ? OptionalLong.empty() : OptionalLong.of(found.nextOffset());
    return new FileBytes(Buffer.buffer(bytes), found.iteration(), found.hash(), next);
  }

  private Future<FileWritten> upload(
      Session session, ApiRequest<?> request, String path, byte[] content) {
    String encoded = Base64.getEncoder().encodeToString(content);
    return chronicle.request(
        Addresses.WRITE_FILE,
        new WriteFile(session.workspaceId(), path, encoded, expected(request)));
  }

  private Future<FileWritten> delete(
      Session session, ClientMessage.DeleteFile message, ApiRequest<?> request) {
    return chronicle.request(
        Addresses.DELETE_FILE,
        new DeleteFile(session.workspaceId(), message.path(), expected(request)));
  }

  /**
   * The content hashes of the versions that the caller named; null where it named none. Chronicle
   * compares them, so that no agent writes in between.
   */
  private static List<String> expected(ApiRequest<?> request) {
    return request.wantedVersions().map(EntityTag::hashes).orElse(null);
  }

  private Future<FileDiff> diff(Session session, ClientMessage.DiffFile message) {
    return chronicle.request(
        Addresses.DIFF_FILE,
        new DiffFile(session.workspaceId(), message.path(), message.from(), message.to()));
  }
}
