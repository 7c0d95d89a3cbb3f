package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
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
  private boolean inATurn = AT_EACH_STEP;

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
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void deliver(Delivery delivery) throws Exception {
    server.deliver(delivery);
    if (AT_EACH_STEP) {
      server.kill();
    }
  }

  private void killAtEach(String... calls) {
    if (AT_EACH_STEP) {
      Stream.of(calls).forEach(server::killAt);
    }
  }

  private void await(String what, BooleanSupplier done) {
    server.await(what, () -> isKilledInATurn() || done.getAsBoolean());
  }

  private boolean isKilledInATurn() {
    boolean isIt = inATurn && server.get("/api/sessions").contains("\"state\":\"running\"");
    if (isIt) {
      inATurn = false;
      server.kill();
    }
    return isIt;
  }

  @Test
  void thereIsOneBranchOnePullRequestAndEachCommentOnceAndNoTokenIsAnywhere() throws Exception {
    int issue = github.openIssue("engine", "eve", "The README is short", "");
    Delivery mention = github.comment("engine", issue, "bob", "@concert write hello");
    server.killAt("POST " + REPOSITORY + "/pulls");
    killAtEach(
        "POST " + REPOSITORY + "/issues/comments/" + id(github.comments("engine")) + "/reactions",
        "POST " + REPOSITORY + "/issues/1/comments",
        "POST /ada/engine.git/git-upload-pack",
        PUSH,
        "POST " + REPOSITORY + "/pulls/2/requested_reviewers",
        "POST " + REPOSITORY + "/check-runs");

    deliver(mention);
    await("the status comment", () -> github.comments("engine").size() == 2);
    await("the clone", () -> github.gitCalls().stream().anyMatch(one -> one.contains("upload")));
    await("the push", () -> github.gitCalls().stream().anyMatch(one -> one.contains("receive")));
    await("the pull request", () -> github.pulls("engine").size() == 1);
    await("the status comment names it", () -> said().contains("My changes are in #2"));
    await("the work is done", () -> said().contains("I am done"));
    JsonObject pull = github.pulls("engine").getFirst();
    String branch = pull.getJsonObject("head").getString("ref");
    assertThat(github.git("engine", "show", branch + ":README.md")).isEqualTo("An engine\nhello");
    assertThat(github.git("engine", "diff", "--name-only", "main", branch)).isEqualTo("README.md");
    assertThat(pull.getString("body")).contains("Fixes #1", "I wrote hello and found 0 tokens.");

    Delivery review = github.review("engine", 2, "bob", "README.md", 2, "Also write world please");
    String comment = REPOSITORY + "/pulls/comments/" + id(github.reviewComments("engine"));
    server.killAt(PUSH);
    killAtEach(
        "POST " + comment + "/reactions",
        "POST " + REPOSITORY + "/pulls/2/comments/" + comment.replaceAll(".*/", "") + "/replies",
        "POST " + REPOSITORY + "/check-runs");
    deliver(review);
    await("an answer", () -> github.reviewComments("engine").size() == 2);
    await(
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
    assertNoSecretIsAnywhere();
  }

  private static long id(List<JsonObject> comments) {
    return comments.getLast().getLong("id");
  }

  private String said() {
    return github.comments("engine").getLast().getString("body");
  }

  private void assertNoSecretIsAnywhere() throws IOException {
    List<String> secrets = new ArrayList<>(github.tokens());
    assertThat(secrets).isNotEmpty();
    secrets.add(FakeGitHub.WEBHOOK_SECRET);
    secrets.add(FakeGitHub.privateKey().lines().skip(1).findFirst().orElseThrow());
    JsonArray sessions = new JsonObject(server.get("/api/sessions")).getJsonArray("sessions");
    assertThat(sessions).hasSize(1);
    String events =
        server.get(
            "/api/sessions/%s/events?afterSeq=0"
                .formatted(sessions.getJsonObject(0).getString("id")));
    assertThat(events).contains("turn_complete");
    assertThat(secrets).noneMatch(events::contains);
    assertThat(secrets).noneMatch(server.complaints()::contains);
    try (Stream<Path> all = Stream.concat(Files.walk(server.data()), processes())) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String text = text(file);
        assertThat(secrets).as(file.toString()).noneMatch(text::contains);
      }
    }
  }

  /** What every process of this machine was given. */
  private static Stream<Path> processes() throws IOException {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> running = Files.list(Path.of("/proc"))) {
      running
          .filter(one -> one.getFileName().toString().matches("\\d+"))
          .forEach(one -> all.addAll(List.of(one.resolve("environ"), one.resolve("cmdline"))));
    }
    return all.stream();
  }

  /** A process may have ended, and be another user's; a file may be gone. */
  private static String text(Path file) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    } catch (IOException gone) {
      return "";
    }
  }
}
