package dev.concert.gateway.sync;

import io.vertx.core.http.WebSocketBase;

/**
 * Passes bytes on between two WebSockets, as fast as the slower side takes them. When one ends, so
 * does the other. Used on the context of both.
 */
final class WebSocketPipe {
  private WebSocketPipe() {}

  static void between(WebSocketBase one, WebSocketBase other) {
    pass(one, other);
    pass(other, one);
  }

  private static void pass(WebSocketBase from, WebSocketBase to) {
    from.pipeTo(to)
        .onComplete(
            _ -> {
              close(from);
              close(to);
            });
  }

  private static void close(WebSocketBase socket) {
    if (!socket.isClosed()) {
      socket.close();
    }
  }
}
