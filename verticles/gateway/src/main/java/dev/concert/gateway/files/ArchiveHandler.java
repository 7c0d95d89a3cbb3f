package dev.concert.gateway.files;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.contract.ByteStream;
import dev.concert.contract.ContractTable;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.dispatch.SessionScope;
import dev.concert.gateway.session.Session;
import dev.concert.protocol.ClientMessage;
import dev.concert.workspace.SnapshotMessages.ArchiveOpened;
import dev.concert.workspace.SnapshotMessages.OpenArchive;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.util.Map;

/**
 * Sends the files of a workspace in one piece, as they are now or were. Chronicle writes the
 * archive while it is read, no faster than the caller takes it. One that ends without its last
 * chunk is not whole.
 */
public final class ArchiveHandler {
  private static final int CONNECT_MS = 5_000;
  private static final int STALLED_SECONDS = 90;
  private static final int MOST = 64;

  /** How many files of the workspace an archive of a past moment lacks, where it lacks some. */
  private static final String EXCLUDED_FILES = "X-Excluded-Files";

  private final WorkspaceClient chronicle;
  private final SessionScope scope;
  private final HttpClient client;

  public ArchiveHandler(Vertx vertx, ConcertBus bus, SessionScope scope) {
    this.chronicle = new WorkspaceClient(bus);
    this.scope = scope;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setIdleTimeout(STALLED_SECONDS)
                .setKeepAlive(false),
            new PoolOptions().setHttp1MaxSize(MOST));
  }

  public void register(Handlers handlers) {
    handlers.serve(
        ContractTable.OPEN_ARCHIVE,
        scope.besideSession((session, request) -> open(session, request.message())));
  }

  private Future<ByteStream> open(Session session, ClientMessage.OpenArchive message) {
    return chronicle
        .request(
            Addresses.OPEN_ARCHIVE,
            new OpenArchive(session.workspaceId(), message.format(), moment(message)))
        .compose(opened -> read(opened).map(response -> stream(message, opened, response)));
  }

  private static String moment(ClientMessage.OpenArchive message) {
    if (message.at() != null) {
      return "@" + message.at();
    }
    return message.snapshot() == null ? "" : message.snapshot();
  }

  private Future<HttpClientResponse> read(ArchiveOpened opened) {
    return chronicle
        .bus()
        .directory()
        .hostOf(opened.node())
        .compose(
            host ->
                client.request(
                    new RequestOptions()
                        .setMethod(HttpMethod.GET)
                        .setHost(host)
                        .setPort(opened.port())
                        .setURI(opened.path())
                        .putHeader("Authorization", "Bearer " + opened.token())))
        .compose(HttpClientRequest::send)
        .compose(ArchiveHandler::accepted);
  }

  private static Future<HttpClientResponse> accepted(HttpClientResponse response) {
    if (response.statusCode() == 200) {
      response.pause();
      return Future.succeededFuture(response);
    }
    response.request().reset();
    return Future.failedFuture(
        new IllegalStateException(
            "Chronicle answered its own archive with status " + response.statusCode()));
  }

  private static ByteStream stream(
      ClientMessage.OpenArchive message, ArchiveOpened opened, HttpClientResponse response) {
    return new ByteStream(
        opened.mediaType(),
        "workspace." + message.format(),
        opened.excluded() == 0
            ? Map.of()
            : Map.of(EXCLUDED_FILES, Integer.toString(opened.excluded())),
        response,
        () -> response.request().reset());
  }
}
