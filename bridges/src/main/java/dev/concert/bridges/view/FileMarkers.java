package dev.concert.bridges.view;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Lines by which an agent names files of its workspace that people are to get: {@code [[file:
 * report.pdf]]}, each on a line of its own. Pure.
 */
final class FileMarkers {
  static final int MAX_FILES = 10;

  private static final Pattern MARKER =
      Pattern.compile("(?m)^[ \\t]*\\[\\[file:[ \\t]*([^\\[\\]\\n]{1,500}?)[ \\t]*]][ \\t]*\\n?");

  private FileMarkers() {}

  /** The paths that a text names, in order. */
  static List<String> paths(String text) {
    return MARKER.matcher(text).results().map(one -> one.group(1)).limit(MAX_FILES).toList();
  }

  /** The text without them, or with their names where people get no files. */
  static String shown(String text, boolean takesFiles) {
    return MARKER
        .matcher(text)
        .replaceAll(one -> takesFiles ? "" : java.util.regex.Matcher.quoteReplacement(name(one)));
  }

  private static String name(MatchResult marker) {
    return "\uD83D\uDCCE `" + marker.group(1) + "`\n";
  }
}
