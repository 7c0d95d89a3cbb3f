package dev.concert.bridges.view;

import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Lines by which an agent names files of its workspace that people are to get: {@code [[file:
 * report.pdf]]}, each on a line of its own. Pure.
 */
public final class FileMarkers {
  static final int MAX_FILES = 10;

  /** What an agent is told of them. */
  public static final String INSTRUCTIONS =
      """
      # This session belongs to a chat

      People read your answers in a chat, and do not see the workspace. To send them a file of the
      workspace, name it in your answer on a line of its own: `[[file: out/report.pdf]]`. The line
      becomes the file; at most ten files, of 10 MiB each. Files that people send are below
      `from-chat/`.\
      """;

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
