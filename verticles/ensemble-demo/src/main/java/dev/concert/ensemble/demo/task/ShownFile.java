package dev.concert.ensemble.demo.task;

import java.util.Optional;
import java.util.regex.Pattern;

/** Extracts a file's text from the output of {@code read_file}. */
final class ShownFile {
  /** The coding agent shows each line behind its number and a tab. */
  private static final Pattern NUMBERED = Pattern.compile("(?m)^ *\\d+\\t");

  private static final Pattern PARTLY =
      Pattern.compile("(?m)^\\[(lines \\d+-\\d+ of|… \\d+ characters cut)");
  private static final String EMPTY = "(the file is empty)";

  private ShownFile() {}

  /** The whole text, each line ended; empty when it could not be read, or only in part. */
  static Optional<String> content(ToolExchange read) {
    String shown = read.result();
    if (read.failed() || PARTLY.matcher(shown).find()) {
      return Optional.empty();
    }
    if (shown.isEmpty() || shown.equals(EMPTY)) {
      return Optional.of("");
    }
    boolean numbered = shown.lines().allMatch(line -> NUMBERED.matcher(line).lookingAt());
    String text = numbered ? NUMBERED.matcher(shown).replaceAll("") : shown;
    return Optional.of(text.endsWith("\n") ? text : text + "\n");
  }
}
