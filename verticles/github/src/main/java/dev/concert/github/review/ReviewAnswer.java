package dev.concert.github.review;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.github.api.PullReviews.LineComment;
import dev.concert.json.Json;
import dev.concert.text.ShortText;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an agent says of a pull request.
 *
 * @param text for the whole of it
 * @param findings in order; the line is 0 for a whole file
 */
public record ReviewAnswer(String text, List<LineComment> findings) {
  /** Tells an agent how to answer. */
  public static final String FORM =
      """
      End with a summary. After it put what you found on lines, as JSON in one block, with line \
      numbers of the new version:

      ```json
      [{"path": "src/a.py", "line": 3, "body": "What is wrong, and what would be right."}]
      ```

      The list is empty where you found nothing.
      """;

  private static final Pattern BLOCK =
      Pattern.compile("```(?:json)?[ \\t]*\\r?\\n(\\s*\\[.*?)```", Pattern.DOTALL);
  private static final int MOST = 100;
  private static final int LONGEST = 10_000;

  /** Reads what an agent said last; what is not in that form is text. */
  public static ReviewAnswer of(String said) {
    Matcher blocks = BLOCK.matcher(said);
    int start = -1;
    int end = -1;
    String last = "";
    while (blocks.find()) {
      start = blocks.start();
      end = blocks.end();
      last = blocks.group(1);
    }
    if (start < 0) {
      return new ReviewAnswer(said.strip(), List.of());
    }
    try {
      List<LineComment> findings = findings(Json.MAPPER.readTree(last));
      return new ReviewAnswer((said.substring(0, start) + said.substring(end)).strip(), findings);
    } catch (JsonProcessingException notJson) {
      return new ReviewAnswer(said.strip(), List.of());
    }
  }

  private static List<LineComment> findings(JsonNode list) {
    List<LineComment> findings = new ArrayList<>();
    for (JsonNode one : list) {
      String body = one.path("body").asText("").strip();
      if (!body.isEmpty() && findings.size() < MOST) {
        findings.add(
            new LineComment(
                one.path("path").asText(""),
                Math.max(0, one.path("line").asInt()),
                ShortText.of(body, LONGEST)));
      }
    }
    return List.copyOf(findings);
  }

  /** Those that can stand on their line. */
  public List<LineComment> onLines(PullDiff diff) {
    return findings.stream().filter(one -> diff.shows(one.path(), one.line())).toList();
  }

  /** The text, with those that cannot. */
  public String body(List<LineComment> onLines) {
    StringBuilder body = new StringBuilder(text.isBlank() ? "I looked at it." : text);
    findings.stream()
        .filter(one -> !onLines.contains(one))
        .forEach(
            one ->
                body.append("\n\n**")
                    .append(one.path().replaceAll("[*`\\r\\n]", "?"))
                    .append(one.line() == 0 ? "" : ":" + one.line())
                    .append("** ")
                    .append(one.body()));
    return body.toString();
  }
}
