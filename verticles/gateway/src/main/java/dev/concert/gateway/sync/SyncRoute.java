package dev.concert.gateway.sync;

import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.context.CallerContext;
import dev.concert.foundation.http.StrictWebSocket;
import dev.concert.gateway.auth.HttpIdentity;
import dev.concert.gateway.http.ProblemResponse;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.protocol.Identity;
import dev.concert.protocol.Permission;
import dev.concert.workspace.WorkspaceMessages.OpenSync;
import dev.concert.workspace.WorkspaceMessages.SyncOpened;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers {@code GET /sync?session=ID} with a WebSocket to the master of the session's workspace,
 * or with a problem. The caller authenticates by {@code Authorization: Bearer} where it has to, and
 * needs the permission to write into the session, since a replica writes. When the permission is
 * withdrawn, the connection ends within a second.
 */
public final class SyncRoute implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(SyncRoute.class);
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int CONNECT_MS = 5_000;

  /** A withdrawn permission still has effect for this time, and for as long as one check takes. */
  private static final Duration RECHECK = Duration.ofMillis(400);

  private static final int MAX_FRAME = 1 << 20;
  private static final String BEARER = "Bearer ";

  private final Vertx vertx;
  private final ConcertBus bus;
  private final HttpIdentity identity;
  private final Supplier<SessionDirectory> directory;
  private final WebSocketClient client;

  /**
   * @param directory asked for with each request, since there is none before the gateway listens
   */
  public SyncRoute(
      Vertx vertx, ConcertBus bus, HttpIdentity identity, Supplier<SessionDirectory> directory) {
    this.vertx = vertx;
    this.bus = bus;
    this.identity = identity;
    this.directory = directory;
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setMaxFrameSize(MAX_FRAME)
                .setMaxMessageSize(MAX_FRAME)
                .setTryUsePerMessageCompression(false)
                .setMaxConnections(Integer.MAX_VALUE));
  }

  @Override
  public void handle(RoutingContext request) {
    request.request().pause();
    String session = request.request().getParam("session");
    who(request.request())
        .compose(
            who ->
                workspace(who, session)
                    .compose(id -> bus.request(Addresses.OPEN_SYNC, new OpenSync(id), TIMEOUT))
                    .compose(this::connect)
                    .onSuccess(master -> upgrade(request.request(), who, session, master)))
        .onFailure(failure -> refuse(request, failure));
  }

  private Future<Identity> who(HttpServerRequest request) {
    return identity.of(request);
  }

  private Future<Session> session(Identity who, String session) {
    return directory.get().find(who, session, Permission.THREADS_WRITE);
  }

  private Future<String> workspace(Identity who, String session) {
    if (session == null || session.isEmpty()) {
      return Future.failedFuture(
          new ConcertException(ErrorCode.INVALID_MESSAGE, "The parameter 'session' is missing."));
    }
    // A pipe between two event loops can stop: the connection is made on the request's.
    return CallerContext.now(vertx).complete(session(who, session)).map(Session::workspaceId);
  }

  private Future<WebSocket> connect(SyncOpened opened) {
    return bus.directory()
        .hostOf(opened.node())
        .compose(
            host ->
                client.connect(
                    new WebSocketConnectOptions()
                        .setHost(host)
                        .setPort(opened.port())
                        .setURI(opened.path())
                        .addHeader("Authorization", BEARER + opened.token())));
  }

  private void upgrade(
      HttpServerRequest request, Identity admitted, String session, WebSocket master) {
    StrictWebSocket.accept(request, MAX_FRAME)
        .onSuccess(
            replica -> {
              WebSocketPipe.between(replica.socket(), master);
              SyncAuthorization.watch(
                  vertx,
                  RECHECK,
                  () -> who(request).compose(who -> session(who, session).map(who)),
                  admitted.tenantId(),
                  replica.socket());
            })
        .onFailure(
            failure -> {
              LOG.debug("No WebSocket came of a request to /sync", failure);
              master.close();
            });
  }

  private static void refuse(RoutingContext request, Throwable failure) {
    request.request().resume();
    ProblemResponse.send(request, failure);
  }
}
