package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * From a mention to a second commit whose check is green, with a real server, session, workspace,
 * agent and push. {@code kill -9} comes whenever GitHub did something of which the server did not
 * hear yet: at two places, and with {@code -Dconcert.github.kills=true} at each. It takes longer
 * than others, since Concert writes to GitHub once a second at most.
 */
class KilledIssueTest {
  private static final boolean AT_EACH_STEP = Boolean.getBoolean("concert.github.kills");
  private static final String REPOSITORY = "/repos/ada/engine";
  private static final String PUSH = "POST /ada/engine.git/git-receive-pack";

  @TempDir private Path folder;
  private KilledGitHubServer server;
  private FakeGitHub github;

  @BeforeEach
  void start() throws Exception {
    server =
        new KilledGitHubServer(
            folder,
            Map.of(
                "README.md",
                "An engine\n",
                "src/engine.py",
                "speed = 1\n",
                ".github/concert.yml",
                "checks:\n  - name: says hello\n    run: grep hello README.md\n"));
    github = server.github;
    if (AT_EACH_STEP) {
      server.dieAtEachStep();
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void thereIsOneBranchOnePullRequestAndEachCommentOnceAndNoTokenIsAnywhere() throws Exception {
    int issue = github.openIssue("engine", "eve", "The README is short", "");
    Delivery mention = github.comment("engine", issue, "bob", "@concert write hello");
    server.killAt("POST " + REPOSITORY + "/pulls");
    server.killAtEach(
        "POST " + REPOSITORY + "/issues/comments/" + id(github.comments("engine")) + "/reactions",
        "POST " + REPOSITORY + "/issues/1/comments",
        "POST /ada/engine.git/git-upload-pack",
        PUSH,
        "POST " + REPOSITORY + "/pulls/2/requested_reviewers",
        "POST " + REPOSITORY + "/check-runs");

    server.deliver(mention);
    server.await("the status comment", () -> github.comments("engine").size() == 2);
    server.await(
        "the clone", () -> github.gitCalls().stream().anyMatch(one -> one.contains("upload")));
    server.await(
        "the push", () -> github.gitCalls().stream().anyMatch(one -> one.contains("receive")));
    server.await("the pull request", () -> github.pulls("engine").size() == 1);
    server.await("the status comment names it", () -> said().contains("My changes are in #2"));
    server.await("the work is done", () -> said().contains("I am done"));
    JsonObject pull = github.pulls("engine").getFirst();
    String branch = pull.getJsonObject("head").getString("ref");
    assertThat(github.git("engine", "show", branch + ":README.md")).isEqualTo("An engine\nhello");
    assertThat(github.git("engine", "diff", "--name-only", "main", branch)).isEqualTo("README.md");
    assertThat(pull.getString("body")).contains("Fixes #1", "I wrote hello and found 0 tokens.");

    Delivery review = github.review("engine", 2, "bob", "README.md", 2, "Also write world please");
    String comment = REPOSITORY + "/pulls/comments/" + id(github.reviewComments("engine"));
    server.killAt(PUSH);
    server.killAtEach(
        "POST " + comment + "/reactions",
        "POST " + REPOSITORY + "/pulls/2/comments/" + comment.replaceAll(".*/", "") + "/replies",
        "POST " + REPOSITORY + "/check-runs");
    server.deliver(review);
    server.await("an answer", () -> github.reviewComments("engine").size() == 2);
    server.await(
        "both commits are checked",
        () ->
            github.checks("engine").stream()
                    .filter(one -> "success".equals(one.getString("conclusion")))
                    .count()
                == 2);

    server.assertKilled();
    assertThat(github.git("engine", "show", branch + ":README.md"))
        .isEqualTo("An engine\nhello\nworld");
    assertThat(github.git("engine", "rev-list", "--count", "main.." + branch)).isEqualTo("2");
    assertThat(github.git("engine", "branch", "--list", "concert/*").lines()).hasSize(1);
    assertThat(github.pulls("engine")).hasSize(1);
    assertThat(github.comments("engine")).as("the mention and the status").hasSize(2);
    assertThat(github.reviewComments("engine")).hasSize(2);
    assertThat(github.checks("engine")).hasSize(2);
    assertThat(github.reactions("engine")).hasSize(2);
    assertThat(github.checks("engine").getLast().getJsonObject("output").getString("summary"))
        .contains("✅ `says hello`");
    List<String> secrets = new ArrayList<>(github.tokens());
    assertThat(secrets).isNotEmpty();
    secrets.add(FakeGitHub.WEBHOOK_SECRET);
    secrets.add(FakeGitHub.privateKey().lines().skip(1).findFirst().orElseThrow());
    server.assertNoSecretIsAnywhere(secrets);
  }

  private static long id(List<JsonObject> comments) {
    return comments.getLast().getLong("id");
  }

  private String said() {
    return github.comments("engine").getLast().getString("body");
  }
}
