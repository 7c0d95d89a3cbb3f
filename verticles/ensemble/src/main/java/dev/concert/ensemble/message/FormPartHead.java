package dev.concert.ensemble.message;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The head of a part of a form. A form is checked here and read once more by the vendor, so a head
 * that another reader might understand otherwise is not read at all: else a client could hide the
 * field that names its model.
 *
 * <p>Format: RFC 7578, 4.2
 *
 * @param name of the field
 */
record FormPartHead(String name, boolean isFile) {
  private static final String DISPOSITION = "content-disposition";

  /** Lines are not folded, and nothing but a line's end is a control character. */
  private static final Pattern LINE = Pattern.compile("([A-Za-z0-9-]+):([^\\p{Cntrl}]*)");

  /** .NET writes values without quotation marks. */
  private static final Pattern PARAMETER =
      Pattern.compile("\\s*;\\s*([A-Za-z]+\\*?)=(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s;,\"\\\\]+))");

  /** Empty for a head that cannot be read in one way only. */
  static Optional<FormPartHead> read(String head) {
    List<String> dispositions =
        Stream.of(head.split("\r\n")).filter(FormPartHead::isDisposition).toList();
    boolean clear = Stream.of(head.split("\r\n")).allMatch(line -> LINE.matcher(line).matches());
    return clear && dispositions.size() == 1
        ? disposition(dispositions.getFirst())
        : Optional.empty();
  }

  private static boolean isDisposition(String line) {
    return line.toLowerCase(Locale.ROOT).startsWith(DISPOSITION + ":");
  }

  private static Optional<FormPartHead> disposition(String line) {
    String value = line.substring(DISPOSITION.length() + 1).strip();
    String kind = "form-data";
    if (!value.regionMatches(true, 0, kind, 0, kind.length())) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    Matcher next = PARAMETER.matcher(value);
    int at = kind.length();
    while (next.find(at) && next.start() == at) {
      String text = next.group(2) == null ? next.group(3) : next.group(2);
      if (parameters.put(next.group(1).toLowerCase(Locale.ROOT), text) != null) {
        return Optional.empty();
      }
      at = next.end();
    }
    String name = parameters.getOrDefault("name", "\\");
    return at < value.length() || name.contains("\\") || parameters.containsKey("name*")
        ? Optional.empty()
        : Optional.of(
            new FormPartHead(
                name, parameters.containsKey("filename") || parameters.containsKey("filename*")));
  }
}
