package dev.concert.client;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Markdown that comes piece by piece: what cannot change any more is rendered. A block ends with a
 * blank line outside of fenced code, unless the next line belongs to it. For one thread.
 */
final class MarkdownStream {
  private static final Pattern FENCE = Pattern.compile(" {0,3}(`{3,}|~{3,})(.*)");

  /** A block that is longer is rendered in parts. Characters. */
  static final int LONGEST = 16 * 1024;

  private static final int PENDING = 200;

  private final StringBuilder text = new StringBuilder();

  /** Start of the first line that was not looked at yet. */
  private int looked;

  /** Up to here there is no line break after {@link #looked}. */
  private int searched;

  private String fence = "";
  private boolean afterBlank;
  private boolean first = true;

  /**
   * Adds a piece.
   *
   * @return the lines that are ready, with their styles
   */
  List<String> add(String piece) {
    text.append(piece);
    int ready = 0;
    for (int end = nextBreak(); end >= 0; end = nextBreak()) {
      String line = text.substring(looked, end);
      if (fence.isEmpty() && afterBlank && beginsBlock(line)) {
        ready = looked;
      }
      look(line);
      looked = end + 1;
    }
    List<String> lines = render(ready);
    return text.length() <= LONGEST ? lines : Stream.concat(lines.stream(), part()).toList();
  }

  private int nextBreak() {
    int end = text.indexOf("\n", Math.max(looked, searched));
    if (end < 0) {
      searched = text.length();
    }
    return end;
  }

  /** The whole lines of a long block; the rest of it goes on in the same fence. */
  private Stream<String> part() {
    String open = fence.isEmpty() ? "" : fence + "\n";
    List<String> lines = AnsiMarkdown.lines(take(looked > 0 ? looked : text.length()));
    text.insert(0, open);
    looked = open.length();
    searched = 0;
    first = false;
    return lines.stream();
  }

  /** The end of the last line that is not rendered yet; empty where that has nothing. */
  String pending() {
    return text.substring(Math.max(0, text.length() - PENDING))
        .lines()
        .filter(line -> !line.isBlank())
        .reduce("", (_, last) -> last);
  }

  /** The rest. The next piece begins a new text. */
  List<String> end() {
    List<String> rest = render(text.length());
    fence = "";
    afterBlank = false;
    first = true;
    return rest;
  }

  /** Indented lines may belong to the list before them, and an item is one of its list. */
  private static boolean beginsBlock(String line) {
    return !line.isBlank()
        && !Character.isWhitespace(line.charAt(0))
        && !line.matches("([-*+]|\\d{1,9}[.)])(\\s.*)?");
  }

  private void look(String line) {
    Matcher mark = FENCE.matcher(line);
    if (fence.isEmpty()) {
      fence = mark.matches() ? mark.group(1) : "";
    } else if (mark.matches() && mark.group(1).startsWith(fence) && mark.group(2).isBlank()) {
      fence = "";
    }
    afterBlank = fence.isEmpty() && line.isBlank();
  }

  private List<String> render(int end) {
    if (end == 0) {
      return List.of();
    }
    List<String> lines = AnsiMarkdown.lines(take(end));
    boolean isFirst = first;
    first &= lines.isEmpty();
    return isFirst || lines.isEmpty()
        ? lines
        : Stream.concat(Stream.of(""), lines.stream()).toList();
  }

  private String take(int end) {
    String taken = text.substring(0, end);
    text.delete(0, end);
    looked = Math.max(0, looked - end);
    searched = Math.max(0, searched - end);
    return taken;
  }
}
