package dev.concert.gateway.http;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpMessage;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;

/**
 * Vert.x' own decoder, which keeps a Content-Length beside a chunked encoding. Netty drops it
 * without a word; kept, {@link FramingCheck} refuses the request, as RFC 9112 (6.3) allows: a proxy
 * may have believed the other of the two.
 */
final class BothLengthsDecoder extends VertxHttpRequestDecoder {
  private BothLengthsDecoder(HttpServerOptions options) {
    super(options);
  }

  /** Decodes the requests of this connection, of which nothing was read yet. */
  static void install(Channel channel, HttpServerOptions options) {
    channel
        .pipeline()
        .replace(VertxHttpRequestDecoder.class, "requests", new BothLengthsDecoder(options));
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    // Both stay.
  }
}
