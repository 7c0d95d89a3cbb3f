package dev.concert.ensemble.message;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A form with a file, as {@code multipart/form-data}.
 *
 * <p>Format: RFC 7578
 */
public final class MultipartForm {
  private static final Pattern BOUNDARY =
      Pattern.compile(
          "boundary=(?:\"([^\"]{1,70})\"|([^\\s;,\"]{1,70}))", Pattern.CASE_INSENSITIVE);

  private static final int MOST_PARTS = 100;

  private final byte[] bytes;
  private final List<Part> parts;

  /**
   * A field of the form.
   *
   * @param from where its content begins in the form
   * @param to where it ends
   */
  private record Part(String name, boolean isFile, int from, int to) {}

  private MultipartForm(byte[] bytes, List<Part> parts) {
    this.bytes = bytes;
    this.parts = parts;
  }

  /** Reads a form; empty if it is none, or one that another reader might understand otherwise. */
  public static Optional<MultipartForm> read(String contentType, byte[] bytes) {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!contentType.toLowerCase(java.util.Locale.ROOT).startsWith("multipart/form-data")
        || !boundary.find()) {
      return Optional.empty();
    }
    String word = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
    String mark = "--" + word;
    byte[] between = ascii("\r\n" + mark);
    List<Part> parts = new ArrayList<>();
    int at = startsWith(bytes, 0, "\r\n") ? 2 : 0;
    while (parts.size() < MOST_PARTS && startsWith(bytes, at, mark + "\r\n")) {
      int head = at + mark.length() + 2;
      int content = find(bytes, ascii("\r\n\r\n"), head) + 4;
      int end = content < 4 ? -1 : find(bytes, between, content - 2);
      if (end < 0) {
        return Optional.empty();
      }
      Optional<FormPartHead> read =
          FormPartHead.read(new String(bytes, head, content - 4 - head, StandardCharsets.UTF_8));
      if (read.isEmpty()) {
        return Optional.empty();
      }
      parts.add(new Part(read.get().name(), read.get().isFile(), content, Math.max(content, end)));
      at = end + 2;
    }
    // Nothing follows: a reader that does not see this end would go on.
    boolean whole =
        !parts.isEmpty()
            && startsWith(bytes, at, mark + "--")
            && new String(bytes, at, bytes.length - at, StandardCharsets.ISO_8859_1)
                .strip()
                .equals(mark + "--");
    return whole ? Optional.of(new MultipartForm(bytes, List.copyOf(parts))) : Optional.empty();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  /** The text of a field that is no file. */
  public Optional<String> text(String name) {
    return parts.stream()
        .filter(part -> part.name().equals(name) && !part.isFile())
        .findFirst()
        .map(
            part ->
                new String(bytes, part.from(), part.to() - part.from(), StandardCharsets.UTF_8));
  }

  /** The names of the fields that are no files. */
  public List<String> names() {
    return parts.stream().filter(part -> !part.isFile()).map(Part::name).distinct().toList();
  }

  /** The size of a file in bytes; empty if the form has none of this name. */
  public Optional<Integer> file(String name) {
    return parts.stream()
        .filter(part -> part.name().equals(name) && part.isFile())
        .findFirst()
        .map(part -> part.to() - part.from());
  }

  /** The content of a file; empty if the form has none of this name. */
  public Optional<byte[]> content(String name) {
    return parts.stream()
        .filter(part -> part.name().equals(name) && part.isFile())
        .findFirst()
        .map(part -> Arrays.copyOfRange(bytes, part.from(), part.to()));
  }

  /** The form with another content in its file of this name. */
  public byte[] withFile(String name, byte[] content) {
    return with(part -> part.name().equals(name) && part.isFile(), content);
  }

  /** The form with another text in every field of this name. */
  public byte[] with(String name, String text) {
    return with(
        part -> part.name().equals(name) && !part.isFile(), text.getBytes(StandardCharsets.UTF_8));
  }

  private byte[] with(Predicate<Part> which, byte[] content) {
    ByteArrayOutputStream all = new ByteArrayOutputStream(bytes.length + content.length);
    int at = 0;
    for (Part part : parts) {
      if (which.test(part)) {
        all.write(bytes, at, part.from() - at);
        all.writeBytes(content);
        at = part.to();
      }
    }
    all.write(bytes, at, bytes.length - at);
    return all.toByteArray();
  }

  private static boolean startsWith(byte[] bytes, int at, String text) {
    return at + text.length() <= bytes.length
        && new String(bytes, at, text.length(), StandardCharsets.ISO_8859_1).equals(text);
  }

  private static int find(byte[] bytes, byte[] wanted, int from) {
    for (int at = Math.max(0, from); at + wanted.length <= bytes.length; at++) {
      int same = 0;
      while (same < wanted.length && bytes[at + same] == wanted[same]) {
        same++;
      }
      if (same == wanted.length) {
        return at;
      }
    }
    return -1;
  }
}
