package dev.concert.ensemble.provider.upstream;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.util.function.Consumer;

/**
 * Parses server-sent events from bytes.
 *
 * <p>Format:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream. Lines end
 * with LF or CRLF (a lone CR, which no server sends, is not a line end). Only {@code data} and
 * {@code event} are read. Text is decoded by whole lines, so a character may be split between two
 * buffers. Not thread-safe.
 */
final class SseReader implements EventDecoder {
  /** A longer event is refused, because events are held in memory. */
  static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

  private final Consumer<SseEvent> events;
  private final RecordParser lines;
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private boolean hasData;
  private boolean begun;

  SseReader(Consumer<SseEvent> events) {
    this.events = events;
    this.lines = RecordParser.newDelimited("\n", this::line).maxRecordSize(MAX_EVENT_BYTES);
    lines.exceptionHandler(
        tooLong -> {
          throw tooLarge();
        });
  }

  /**
   * @throws ConcertException {@code PROVIDER_FAILED} if an event is over 16 MiB; also whatever the
   *     consumer throws
   */
  @Override
  public void accept(Buffer piece) {
    lines.handle(piece);
  }

  /** Ends the body. An event without its empty line counts only if it is an end mark. */
  @Override
  public void end() {
    if (data.toString().strip().equals("[DONE]")) {
      dispatch();
    }
  }

  private void line(Buffer bytes) {
    int length = bytes.length();
    if (length > 0 && bytes.getByte(length - 1) == '\r') {
      length--;
    }
    if (length == 0) {
      dispatch();
      return;
    }
    String line = withoutMark(bytes.getString(0, length));
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    String rest = colon < 0 ? "" : line.substring(colon + 1);
    String value = rest.startsWith(" ") ? rest.substring(1) : rest;
    switch (field) {
      case "data" -> append(value);
      case "event" -> name = value;
      default -> {
        // A comment, an id or a retry time: not part of the response.
      }
    }
  }

  /** Skips a byte order mark at the start of the stream. */
  private String withoutMark(String line) {
    boolean first = !begun;
    begun = true;
    return first && line.startsWith("\uFEFF") ? line.substring(1) : line;
  }

  private void append(String value) {
    if (data.length() + value.length() > MAX_EVENT_BYTES) {
      throw tooLarge();
    }
    data.append(hasData ? "\n" : "").append(value);
    hasData = true;
  }

  private void dispatch() {
    if (hasData) {
      SseEvent event = new SseEvent(name, data.toString());
      data.setLength(0);
      hasData = false;
      name = "";
      events.accept(event);
    } else {
      name = "";
    }
  }

  private static ConcertException tooLarge() {
    return new ConcertException(
        ErrorCode.PROVIDER_FAILED, "The provider sent an event of more than 16 MiB.");
  }
}
