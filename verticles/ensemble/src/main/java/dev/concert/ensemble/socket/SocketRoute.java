package dev.concert.ensemble.socket;

import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.api.Bearer;
import dev.concert.ensemble.stream.CallStart;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Opens WebSockets. A key comes with the handshake, as over HTTP, or in the first message, for
 * browsers cannot do otherwise.
 */
public final class SocketRoute implements Handler<RoutingContext> {
  /** How long a connection may be without a key. */
  private static final Duration KEY_WITHIN = Duration.ofSeconds(10);

  private static final Duration PING_EVERY = Duration.ofSeconds(20);

  /** A client that has not even answered a ping for so long is gone, or reads nothing. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final Vertx vertx;
  private final SocketCalls calls;

  public SocketRoute(Vertx vertx, AccessTokens tokens, CallStart calls) {
    this.vertx = vertx;
    this.calls = new SocketCalls(vertx, tokens, calls);
  }

  @Override
  public void handle(RoutingContext context) {
    Optional<String> token = Bearer.of(context.request());
    if (token.isPresent()) {
      // One that comes in the first message is looked at then.
      calls.caller(token);
    }
    if (!"websocket".equalsIgnoreCase(context.request().getHeader("Upgrade"))) {
      context.fail(
          new ConcertException(ErrorCode.INVALID_MESSAGE, "Open a WebSocket at this path."));
      return;
    }
    context.request().toWebSocket().onSuccess(socket -> opened(socket, token));
  }

  private void opened(ServerWebSocket socket, Optional<String> token) {
    SocketConnection connection = new SocketConnection(socket, calls, token);
    vertx.setTimer(
        KEY_WITHIN.toMillis(),
        timer -> {
          if (!connection.isKnown()) {
            connection.close("no key within 10 s");
          }
        });
    watch(socket);
  }

  private void watch(ServerWebSocket socket) {
    long[] heard = {System.nanoTime()};
    socket.pongHandler(pong -> heard[0] = System.nanoTime());
    long pings =
        vertx.setPeriodic(
            PING_EVERY.toMillis(),
            timer -> {
              long silent = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - heard[0]);
              if (socket.isClosed()) {
                vertx.cancelTimer(timer);
              } else if (silent > SILENCE.toSeconds()) {
                vertx.cancelTimer(timer);
                socket.close();
              } else {
                socket.writePing(Buffer.buffer());
              }
            });
    socket.endHandler(end -> vertx.cancelTimer(pings));
  }
}
