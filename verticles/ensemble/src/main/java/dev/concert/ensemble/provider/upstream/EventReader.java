package dev.concert.ensemble.provider.upstream;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.parsetools.RecordParser;
import java.util.function.Consumer;

/**
 * Cuts bytes into the data of server-sent events.
 *
 * <p>Format:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream. Lines end
 * with LF or CRLF (a lone CR, which nobody sends, is not a line end). Only {@code data} and {@code
 * event} are looked at. Text is decoded by whole lines, so a character cut between two buffers is
 * no matter. Not thread-safe.
 */
final class EventReader {
  /** An event longer than this is not read: it would be held in memory. */
  static final int MAX_EVENT_BYTES = 16 * 1024 * 1024;

  private final Consumer<ServerEvent> events;
  private final RecordParser lines;
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private boolean hasData;
  private boolean begun;

  EventReader(Consumer<ServerEvent> events) {
    this.events = events;
    this.lines = RecordParser.newDelimited("\n", this::line).maxRecordSize(MAX_EVENT_BYTES);
    lines.exceptionHandler(
        tooLong -> {
          throw tooLarge();
        });
  }

  /**
   * @throws ConcertException {@code PROVIDER_FAILED} when an event is over 16 MiB, and whatever the
   *     consumer throws
   */
  void accept(Buffer piece) {
    lines.handle(piece);
  }

  /** The body has ended: an event whose empty line is missing counts only if it is an end mark. */
  void end() {
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
        // A comment, an id or a retry time: nothing of the answer.
      }
    }
  }

  /** A byte order mark may begin the stream, and means nothing. */
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
      ServerEvent event = new ServerEvent(name, data.toString());
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
