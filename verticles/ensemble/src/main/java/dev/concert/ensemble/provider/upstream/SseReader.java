package dev.concert.ensemble.provider.upstream;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.http.SseParser;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** Reads a provider's server-sent events. Not thread-safe. */
final class SseReader implements EventDecoder {
  /** A longer event is refused, because events are held in memory. */
  static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

  private static final String END_MARK = "[DONE]";

  private final SseParser parser;

  SseReader(Consumer<SseEvent> events) {
    this.parser =
        new SseParser(
            MAX_EVENT_BYTES,
            SseReader::tooLarge,
            (name, data) -> events.accept(new SseEvent(name, data)));
  }

  /**
   * @throws ConcertException {@code PROVIDER_FAILED} if an event is over 16 MiB; also whatever the
   *     consumer throws
   */
  @Override
  public void accept(Buffer piece) {
    parser.accept(piece);
  }

  /** Ends the body. An event without its empty line counts only if it is an end mark. */
  @Override
  public void end() {
    if (parser.unfinished().strip().equals(END_MARK)) {
      parser.finish();
    }
  }

  private static ConcertException tooLarge() {
    return new ConcertException(
        ErrorCode.PROVIDER_FAILED, "The provider sent an event of more than 16 MiB.");
  }
}
