package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.testing.Await;
import dev.concert.testing.BlockedThreads;
import dev.concert.testing.github.FakeGitHub;
import dev.concert.testing.github.FakeGitHub.Delivery;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A signed webhook in; a real session, workspace and agent; a real push out. */
class IssueOnARealServerTest {
  @TempDir private Path folder;
  private final BlockedThreads blocked = BlockedThreads.watch();
  private final HttpClient client = HttpClient.newHttpClient();
  private FakeGitHub github;
  private Platform platform;
  private String webhook;

  @BeforeEach
  void start() throws Exception {
    github = new FakeGitHub(Files.createDirectories(folder.resolve("git")));
    github.create(
        "engine",
        Map.of(
            "README.md",
            "An engine\n",
            "src/engine.py",
            "speed = 1\n",
            ".github/concert.yml",
            "checks:\n  - name: says hello\n    run: grep hello README.md\n"));
    github.permit("engine", "bob", "write");
    platform = Platform.start(options());
    HttpResponse<String> added =
        send(
            "/api/bridges",
            new JsonObject()
                .put("platform", "github")
                .put("name", "Engine")
                .put("settings", new JsonObject().put("appId", Long.toString(FakeGitHub.APP_ID)))
                .put(
                    "secrets",
                    new JsonObject()
                        .put("privateKey", FakeGitHub.privateKey())
                        .put("webhookSecret", FakeGitHub.WEBHOOK_SECRET)));
    assertThat(added.statusCode()).as(added.body()).isEqualTo(201);
    webhook = new JsonObject(added.body()).getString("webhookPath");
  }

  @AfterEach
  void stop() {
    platform.close();
    github.close();
    blocked.assertNone();
  }

  private PlatformOptions options() throws IOException {
    Path agents = Files.createDirectories(folder.resolve("agents"));
    Files.createSymbolicLink(agents.resolve("sdk"), Program.home().resolve("agents/sdk"));
    Files.createSymbolicLink(
        agents.resolve("colleague"),
        Path.of("src/test/resources/agents/colleague").toAbsolutePath());
    JsonObject config =
        new JsonObject()
            .put("coordinator", new JsonObject().put("agents", agents.toString()))
            .put(
                "github",
                new JsonObject()
                    .put("agent", "colleague")
                    .put("apiUrl", github.api().toString())
                    .put("webUrl", github.web().toString()));
    return new PlatformOptions("127.0.0.1", 0, folder.resolve("data"), Program.home(), config);
  }

  private HttpResponse<String> send(String path, JsonObject body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(platform.url() + path))
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private int deliver(Delivery delivery) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(platform.url() + webhook))
            .POST(HttpRequest.BodyPublishers.ofByteArray(delivery.body()));
    delivery.headers().forEach(request::setHeader);
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  @Test
  void aMentionBecomesAPullRequestAndAReviewCommentASecondCommitBothCheckedAndNoTokenIsAnywhere()
      throws Exception {
    int issue = github.openIssue("engine", "eve", "The README is short", "");

    assertThat(deliver(github.comment("engine", issue, "bob", "@concert write hello")))
        .isEqualTo(202);
    // Only then Concert knows its number.
    Await.until(
        "the status comment names the pull request",
        () ->
            github.comments("engine").stream()
                .anyMatch(one -> one.getString("body").contains("My changes are in #2")));
    JsonObject pull = github.pulls("engine").getFirst();
    String branch = pull.getJsonObject("head").getString("ref");
    assertThat(github.git("engine", "show", branch + ":README.md")).isEqualTo("An engine\nhello");
    assertThat(github.git("engine", "diff", "--name-only", "main", branch)).isEqualTo("README.md");
    assertThat(pull.getString("body")).contains("Fixes #1", "I wrote hello and found 0 tokens.");

    deliver(github.review("engine", 2, "bob", "README.md", 2, "Also write world please"));
    Await.until("an answer", () -> github.reviewComments("engine").size() == 2);
    assertThat(github.git("engine", "show", branch + ":README.md"))
        .isEqualTo("An engine\nhello\nworld");
    assertThat(github.git("engine", "rev-list", "--count", "main.." + branch)).isEqualTo("2");
    assertThat(github.pulls("engine")).hasSize(1);
    Await.until(
        "both commits are checked",
        () ->
            github.checks("engine").stream()
                    .filter(one -> "success".equals(one.getString("conclusion")))
                    .count()
                == 2);
    assertThat(github.checks("engine").getLast().getJsonObject("output").getString("summary"))
        .contains("✅ `says hello`");

    JsonArray bridges =
        new JsonObject(
                client
                    .send(
                        HttpRequest.newBuilder(URI.create(platform.url() + "/api/bridges")).build(),
                        HttpResponse.BodyHandlers.ofString())
                    .body())
            .getJsonArray("bridges");
    assertThat(bridges.getJsonObject(0).getString("platform")).isEqualTo("github");
    assertNoTokenIsStored();
  }

  private void assertNoTokenIsStored() throws IOException {
    List<String> tokens = github.tokens();
    assertThat(tokens).isNotEmpty();
    try (Stream<Path> all = Files.walk(folder.resolve("data"))) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        assertThat(tokens).as(file.toString()).noneMatch(text::contains);
      }
    }
  }
}
