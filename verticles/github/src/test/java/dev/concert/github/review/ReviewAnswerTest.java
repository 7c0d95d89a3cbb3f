package dev.concert.github.review;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.github.api.PullReviews.LineComment;
import dev.concert.json.Json;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where what an agent found has its place. */
class ReviewAnswerTest {
  private static PullDiff diff() throws Exception {
    List<JsonNode> files = new ArrayList<>();
    Json.MAPPER
        .readTree(
            """
            [{"filename": "a.py", "status": "modified",
              "patch": "@@ -1,3 +1,3 @@\\n one\\n-two\\n+zwei\\n three\\n@@ -9 +9,2 @@ def x\\n nine\\n+ten"},
             {"filename": "logo.png", "status": "added"}]
            """)
        .forEach(files::add);
    return PullDiff.of(files);
  }

  @Test
  void whatIsOnALineOfTheDiffStaysThereAndTheRestIsText() throws Exception {
    ReviewAnswer answer =
        ReviewAnswer.of(
            """
            Mostly good.

            ```json
            [{"path": "a.py", "line": 2, "body": "English, please"},
             {"path": "a.py", "line": 5, "body": "Not shown"},
             {"path": "a.py", "line": 10, "body": "Ten"},
             {"path": "b.py", "line": 1, "body": "Another file"},
             {"path": "logo.png", "body": "Large"},
             {"path": "a.py", "line": 1}]
            ```
            """);

    List<LineComment> onLines = answer.onLines(diff());
    assertThat(onLines).extracting(LineComment::line).containsExactly(2, 10);
    assertThat(answer.body(onLines))
        .startsWith("Mostly good.")
        .contains("**a.py:5** Not shown", "**b.py:1** Another file", "**logo.png** Large")
        .doesNotContain("English", "```");
  }

  @Test
  void whatIsNotInTheFormIsText() throws Exception {
    for (String said : List.of("Fine.", "```json\n[{\n```", "```json\n{\"a\": 1}\n```")) {
      ReviewAnswer answer = ReviewAnswer.of(said);
      assertThat(answer.findings()).isEmpty();
      assertThat(answer.body(List.of())).isEqualTo(said);
    }
    assertThat(ReviewAnswer.of("```json\n[]\n```").body(List.of())).isEqualTo("I looked at it.");
  }
}
