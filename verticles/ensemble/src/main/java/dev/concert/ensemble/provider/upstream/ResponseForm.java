package dev.concert.ensemble.provider.upstream;

import io.vertx.core.buffer.Buffer;
import java.util.Optional;

/**
 * How a server frames its answer. The first byte says it, not the content type, which many servers
 * and proxies get wrong: a JSON object begins with a brace, and no line of an event stream does.
 */
enum ResponseForm {
  EVENTS,
  JSON;

  /** Empty while only blanks came. */
  static Optional<ResponseForm> of(Buffer bytes) {
    for (int at = 0; at < bytes.length(); at++) {
      byte next = bytes.getByte(at);
      if (!Character.isWhitespace(next)) {
        return Optional.of(next == '{' || next == '[' ? JSON : EVENTS);
      }
    }
    return Optional.empty();
  }
}
