package dev.concert.ensemble.http;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;

/**
 * Configures the HTTP server for HTTP/1.1, HTTP/2 and WebSockets. HTTP/2 is served in clear text,
 * with prior knowledge or by an upgrade; a load balancer in front encrypts.
 */
public final class HttpServerConfig {
  /** Most bytes of a request, over HTTP and over a WebSocket. */
  public static final int BODY_LIMIT = 32 * 1024 * 1024;

  /** Limit of the request line and headers; bearer tokens and trace headers fit many times. */
  private static final int MAX_HEADER_BYTES = 32 * 1024;

  /** Concurrent calls on one HTTP/2 connection; a client that needs more opens another one. */
  public static final int MOST_STREAMS = 100;

  /** How far one body may be sent ahead of what was read of it. */
  private static final int BODY_WINDOW = 256 * 1024;

  /** The same for all bodies of a connection. */
  private static final int CONNECTION_WINDOW = 1024 * 1024;

  private HttpServerConfig() {}

  /**
   * @param port 0 picks a free one
   */
  public static HttpServerOptions at(String host, int port) {
    return new HttpServerOptions()
        .setHost(host)
        .setPort(port)
        // curl waits for "100 Continue" before it sends a large body.
        .setHandle100ContinueAutomatically(true)
        .setMaxHeaderSize(MAX_HEADER_BYTES)
        .setTcpNoDelay(true)
        .setHttp2ConnectionWindowSize(CONNECTION_WINDOW)
        .setInitialSettings(
            new Http2Settings()
                .setMaxConcurrentStreams(MOST_STREAMS)
                .setMaxHeaderListSize(MAX_HEADER_BYTES)
                .setInitialWindowSize(BODY_WINDOW))
        .setMaxWebSocketFrameSize(BODY_LIMIT)
        .setMaxWebSocketMessageSize(BODY_LIMIT)
        // A compression window for each of ten thousand connections costs more than it saves.
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false);
  }
}
