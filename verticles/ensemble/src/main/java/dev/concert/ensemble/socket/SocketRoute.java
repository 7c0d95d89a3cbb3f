package dev.concert.ensemble.socket;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.http.BearerToken;
import dev.concert.ensemble.http.HttpServerConfig;
import dev.concert.ensemble.pipeline.CallPipeline;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.http.StrictWebSocket;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Opens WebSockets. The key comes with the handshake, as over HTTP, or in the first message,
 * because browsers cannot set the header.
 */
public final class SocketRoute implements Handler<RoutingContext> {
  /** How long a connection may stay unauthenticated. */
  private static final Duration KEY_WITHIN = Duration.ofSeconds(10);

  private static final Duration PING_EVERY = Duration.ofSeconds(20);

  /** A client that has answered no ping for so long is gone. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final SocketCalls calls;

  public SocketRoute(Vertx vertx, AccessTokens tokens, CallPipeline calls) {
    this.vertx = vertx;
    this.calls = new SocketCalls(vertx, tokens, calls);
  }

  @Override
  public void handle(RoutingContext context) {
    Optional<String> token = BearerToken.of(context.request());
    if (token.isEmpty()) {
      // The key is in the first message, and is checked then.
      open(context, token);
      return;
    }
    Future<Caller> caller = calls.authenticate(token);
    if (caller.succeeded()) {
      open(context, token);
      return;
    }
    context.request().pause();
    caller
        .onSuccess(
            _ -> {
              context.request().resume();
              open(context, token);
            })
        .onFailure(
            refused -> {
              context.request().resume();
              context.fail(refused);
            });
  }

  private void open(RoutingContext context, Optional<String> token) {
    if (!"websocket".equalsIgnoreCase(context.request().getHeader("Upgrade"))) {
      context.fail(
          new ConcertException(ErrorCode.INVALID_MESSAGE, "Open a WebSocket at this path."));
      return;
    }
    StrictWebSocket.accept(context.request(), HttpServerConfig.BODY_LIMIT)
        .onSuccess(socket -> opened(socket, token));
  }

  private void opened(StrictWebSocket socket, Optional<String> token) {
    SocketConnection connection = new SocketConnection(socket, calls, token);
    vertx.setTimer(
        KEY_WITHIN.toMillis(),
        timer -> {
          if (!connection.isKnown()) {
            connection.close("no key within 10 s");
          }
        });
    watch(socket.socket(), connection);
  }

  private void watch(ServerWebSocket socket, SocketConnection connection) {
    long[] lastPong = {System.nanoTime()};
    socket.pongHandler(pong -> lastPong[0] = System.nanoTime());
    long pings =
        vertx.setPeriodic(
            PING_EVERY.toMillis(),
            timer -> {
              long silent = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - lastPong[0]);
              if (socket.isClosed()) {
                vertx.cancelTimer(timer);
              } else if (silent > SILENCE.toSeconds()) {
                vertx.cancelTimer(timer);
                connection.close("no pong within 60 s");
              } else {
                socket.writePing(Buffer.buffer());
              }
            });
    socket.endHandler(end -> vertx.cancelTimer(pings));
  }
}
