package dev.concert.chronicle.files;

import dev.concert.workspace.WorkspaceMessages.FileContent;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/** Content as text: as it is where it is text, else Base64. */
final class ContentEncoding {
  private static final int LONGEST_CHARACTER = 4;

  /** Of a longer text, JSON must not make more than twice as much. */
  private static final int SHORT = 64 << 10;

  private static final int ESCAPED_CONTROL = 6;

  private ContentEncoding() {}

  /** A whole content. */
  static FileContent content(String path, byte[] bytes, long iteration, String hash) {
    return encoded(path, bytes, bytes.length, iteration, hash, null);
  }

  /**
   * A piece of a content. A piece of text ends with a whole character, unless it has no other.
   *
   * @param bytes from {@code offset} on, none only where the content ends before it
   * @param size of the whole content
   */
  static FileContent piece(
      String path, byte[] bytes, long offset, long size, long iteration, String hash) {
    long end = offset + bytes.length;
    if (bytes.length == 0 || end >= size) {
      return encoded(path, bytes, size, iteration, hash, null);
    }
    byte[] whole = Arrays.copyOf(bytes, wholeCharacters(bytes));
    boolean isText = whole.length > 0 && text(whole).isPresent();
    byte[] sent = isText ? whole : bytes;
    return encoded(path, sent, size, iteration, hash, offset + sent.length);
  }

  private static FileContent encoded(
      String path, byte[] bytes, long size, long iteration, String hash, Long nextOffset) {
    Optional<String> text = text(bytes);
    return new FileContent(
        path,
        text.isPresent() ? "utf8" : "base64",
        text.orElseGet(() -> Base64.getEncoder().encodeToString(bytes)),
        size,
        iteration,
        hash,
        nextOffset);
  }

  private static Optional<String> text(byte[] bytes) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      boolean plain = text.length() <= SHORT || lengthAsJson(text) <= 2L * text.length();
      return plain && text.indexOf('\0') < 0 ? Optional.of(text) : Optional.empty();
    } catch (CharacterCodingException binary) {
      return Optional.empty();
    }
  }

  private static long lengthAsJson(String text) {
    return text.chars()
        .mapToLong(one -> "\"\\\n\r\t\b\f".indexOf(one) >= 0 ? 2 : one < ' ' ? ESCAPED_CONTROL : 1)
        .sum();
  }

  /** How many of these bytes there are before a character that the end cuts. */
  private static int wholeCharacters(byte[] bytes) {
    for (int back = 1; back <= Math.min(LONGEST_CHARACTER, bytes.length); back++) {
      int first = bytes[bytes.length - back] & 0xff;
      if (first < 0x80) {
        return bytes.length;
      }
      if (first >= 0xc0) {
        int wanted = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        return wanted > back ? bytes.length - back : bytes.length;
      }
    }
    return bytes.length;
  }
}
