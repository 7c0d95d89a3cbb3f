package dev.concert.ensemble.api;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;

/**
 * What a connection may do, whether it speaks HTTP/1.1, HTTP/2 or a WebSocket. HTTP/2 comes in
 * clear text, with prior knowledge or by an upgrade; a balancer in front does the encryption.
 */
public final class HttpDoor {
  /** Headers and first line; bearer tokens and tracing fit many times over. */
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  /** Calls at once on one connection over HTTP/2; who wants more opens another one. */
  static final int MOST_STREAMS = 100;

  /** What a body may send ahead of what was read of it. */
  private static final int BODY_WINDOW = 256 * 1024;

  /** The same for all bodies of a connection. */
  private static final int CONNECTION_WINDOW = 1024 * 1024;

  private HttpDoor() {}

  /**
   * @param port 0 picks a free one
   */
  public static HttpServerOptions at(String host, int port) {
    return new HttpServerOptions()
        .setHost(host)
        .setPort(port)
        // curl asks before it sends a large body.
        .setHandle100ContinueAutomatically(true)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setTcpNoDelay(true)
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(MOST_STREAMS)
                .setMaxHeaderListSize(MAX_HEADER_BYTES)
                .setInitialWindowSize(BODY_WINDOW))
        .setMaxWebSocketFrameSize(EnsembleRoutes.BODY_LIMIT)
        .setMaxWebSocketMessageSize(EnsembleRoutes.BODY_LIMIT)
        // A window of compression for each of ten thousand connections costs more than it saves.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }
}
