package dev.concert.foundation.http;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Splits bytes that come in any pieces into lines, which end with CR, LF or CRLF. A line is decoded
 * whole, so a character may be split over two pieces. What follows the last line end is no line.
 * Not thread-safe.
 */
final class StreamLines {
  private final int longest;
  private final Supplier<? extends RuntimeException> tooLong;
  private final Consumer<String> lines;

  /** The begin of a line whose end has not come. */
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();

  /** The last piece ended with CR: an LF that comes next belongs to it. */
  private boolean endsWithReturn;

  /**
   * @param longest a longer line is refused, because lines are held in memory
   * @param tooLong the refusal
   */
  StreamLines(int longest, Supplier<? extends RuntimeException> tooLong, Consumer<String> lines) {
    this.longest = longest;
    this.tooLong = tooLong;
    this.lines = lines;
  }

  void accept(Buffer piece) {
    byte[] bytes = piece.getBytes();
    if (bytes.length == 0) {
      return;
    }
    int start = endsWithReturn && bytes[0] == '\n' ? 1 : 0;
    for (int at = start; at < bytes.length; at++) {
      byte end = bytes[at];
      if (end == '\n' || end == '\r') {
        line(bytes, start, at);
        boolean both = end == '\r' && at + 1 < bytes.length && bytes[at + 1] == '\n';
        at += both ? 1 : 0;
        start = at + 1;
      }
    }
    endsWithReturn = bytes[bytes.length - 1] == '\r';
    keep(bytes, start, bytes.length);
  }

  private void line(byte[] bytes, int from, int to) {
    if (begun.size() == 0 && to - from <= longest) {
      lines.accept(new String(bytes, from, to - from, StandardCharsets.UTF_8));
      return;
    }
    keep(bytes, from, to);
    String line = begun.toString(StandardCharsets.UTF_8);
    begun.reset();
    lines.accept(line);
  }

  private void keep(byte[] bytes, int from, int to) {
    if (begun.size() + (to - from) > longest) {
      throw tooLong.get();
    }
    begun.write(bytes, from, to - from);
  }
}
