package dev.concert.ensemble.provider.upstream;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** Splits the bytes of a stream into events. Not thread-safe: belongs to one response. */
public interface EventDecoder {
  /**
   * Takes the next bytes.
   *
   * @throws dev.concert.error.ConcertException {@code PROVIDER_FAILED} if they are malformed or an
   *     event is too long; also whatever the consumer of the events throws
   */
  void accept(Buffer piece);

  /** The bytes have ended. */
  void end();

  /** Server-sent events. */
  static EventDecoder ofServerSentEvents(Consumer<SseEvent> events) {
    return new SseReader(events);
  }
}
