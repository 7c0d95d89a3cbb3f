package dev.concert.foundation.http;

import io.vertx.core.buffer.Buffer;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/**
 * Parses server-sent events from bytes that come in any pieces.
 *
 * <p>Format:
 * https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream. Only
 * {@code data} and {@code event} are read. Not thread-safe.
 */
public final class SseParser {
  private static final String MARK = "\uFEFF";

  private final int longest;
  private final Supplier<? extends RuntimeException> tooLarge;
  private final BiConsumer<String, String> events;
  private final StreamLines lines;
  private final StringBuilder data = new StringBuilder();
  private String name = "";
  private boolean hasData;
  private boolean begun;

  /**
   * @param longest an event with more bytes in a line, or characters in its data, is refused,
   *     because events are held in memory
   * @param tooLarge the refusal
   * @param events gets the name of each event, empty if the server sent none, and its data
   */
  public SseParser(
      int longest,
      Supplier<? extends RuntimeException> tooLarge,
      BiConsumer<String, String> events) {
    this.longest = longest;
    this.tooLarge = tooLarge;
    this.events = events;
    this.lines = new StreamLines(longest, tooLarge, this::line);
  }

  /** Takes the next bytes. Throws the refusal, and whatever the consumer of the events throws. */
  public void accept(Buffer piece) {
    lines.accept(piece);
  }

  /** The data of an event whose empty line has not come. */
  public String unfinished() {
    return data.toString();
  }

  /** Takes the event whose empty line has not come as one that has ended. */
  public void finish() {
    dispatch();
  }

  private void line(String text) {
    String line = begun || !text.startsWith(MARK) ? text : text.substring(MARK.length());
    begun = true;
    if (line.isEmpty()) {
      dispatch();
      return;
    }
    int colon = line.indexOf(':');
    String field = colon < 0 ? line : line.substring(0, colon);
    switch (field) {
      case "data" -> append(value(line, colon));
      case "event" -> name = value(line, colon);
      default -> {
        // A comment, an id or a retry time.
      }
    }
  }

  /** A blank after the colon does not belong to the value. */
  private static String value(String line, int colon) {
    return colon < 0 ? "" : line.substring(line.startsWith(" ", colon + 1) ? colon + 2 : colon + 1);
  }

  private void append(String value) {
    if (data.length() + value.length() > longest) {
      throw tooLarge.get();
    }
    data.append(hasData ? "\n" : "").append(value);
    hasData = true;
  }

  /** An event without data is none. */
  private void dispatch() {
    String ended = name;
    name = "";
    if (hasData) {
      String text = data.toString();
      data.setLength(0);
      hasData = false;
      events.accept(ended, text);
    }
  }
}
