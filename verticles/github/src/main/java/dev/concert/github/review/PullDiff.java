package dev.concert.github.review;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pull request changes.
 *
 * @param lines numbers of the lines of the new side that the diff shows, by path
 * @param text the diff, for an agent
 */
public record PullDiff(Map<String, Set<Integer>> lines, String text) {
  private static final Pattern HUNK =
      Pattern.compile("@@ -\\d+(?:,\\d+)? \\+(\\d+)(?:,\\d+)? @@.*");
  private static final int LONGEST = 60_000;

  /**
   * Reads the files of a pull request.
   *
   * @param files as GitHub lists them
   */
  public static PullDiff of(List<JsonNode> files) {
    Map<String, Set<Integer>> lines = new HashMap<>();
    StringBuilder text = new StringBuilder();
    for (JsonNode file : files) {
      String path = file.path("filename").asText();
      String patch = file.path("patch").asText("");
      lines.put(path, newSide(patch));
      String shown = "--- %s (%s)\n%s\n".formatted(path, file.path("status").asText(), patch);
      if (text.length() + shown.length() <= LONGEST) {
        text.append(shown);
      } else {
        text.append("--- %s: its diff is too long; look at the file\n".formatted(path));
      }
      if (text.length() > 2 * LONGEST) {
        break;
      }
    }
    return new PullDiff(lines, text.toString());
  }

  private static Set<Integer> newSide(String patch) {
    Set<Integer> lines = new HashSet<>();
    int line = 0;
    for (String one : patch.split("\n", -1)) {
      Matcher hunk = HUNK.matcher(one);
      if (hunk.matches()) {
        line = Integer.parseInt(hunk.group(1));
      } else if (one.startsWith("+") || one.startsWith(" ")) {
        lines.add(line++);
      }
    }
    return lines;
  }

  boolean shows(String path, int line) {
    return lines.getOrDefault(path, Set.of()).contains(line);
  }
}
