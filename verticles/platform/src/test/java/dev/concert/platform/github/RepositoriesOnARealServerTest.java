package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.testing.Await;
import dev.concert.testing.BlockedThreads;
import dev.concert.testing.github.FakeGitHub;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An App is connected on the command line; its repositories, events and runs are everywhere. */
class RepositoriesOnARealServerTest {
  private static final String ENGINE = "/api/github/repositories/ada/engine";

  @TempDir private Path folder;
  private final BlockedThreads blocked = BlockedThreads.watch();
  private GitHubServer server;

  @BeforeEach
  void start() {
    server = new GitHubServer(folder);
  }

  @AfterEach
  void stop() {
    server.close();
    blocked.assertNone();
  }

  private ProgramRun concert(String... arguments) {
    return new ProgramRun.Setting(Program.home(), Map.of("CONCERT_URL", server.url()))
        .with("GITHUB_APP_PRIVATE_KEY", FakeGitHub.privateKey())
        .with("GITHUB_WEBHOOK_SECRET", FakeGitHub.WEBHOOK_SECRET)
        .run(arguments);
  }

  @Test
  void anAppIsAddedAndItsRepositoriesRunsAndEventsAreShown() {
    List<String> added = concert("github", "add", "" + FakeGitHub.APP_ID).expect(0).outLines();
    String connection = added.getFirst().split(" ")[1];
    server.hasWebhook("/webhooks/github/" + connection);
    assertThat(added.get(2).strip()).endsWith("/webhooks/github/" + connection);
    assertThat(concert("github", "list").expect(0).out())
        .isEqualTo("ada/engine  main  private  %s%n".formatted(connection));
    assertThat(concert("github", "test").expect(0).out()).contains("GitHub knows the App");

    int issue = eachRoute();
    try (ProtocolClient client = ProtocolClient.connect(server.url())) {
      client.ask("authenticate", Map.of("token", "any", "protocolVersion", 2));
      assertThat(client.ask("list_github_runs", Map.of()).path("type").asText())
          .isEqualTo("issue_runs");
      server.deliver(server.github.comment("engine", issue, "bob", "@concert write hello"));
      assertThat(client.await("github.issue_commented").at("/comment/text").asText())
          .isEqualTo("@concert write hello");
    }
    Await.until("the pull request", () -> runs().contains("/pull/2\""));
    JsonObject run = run();
    assertThat(run.getString("issueUrl")).isEqualTo(server.github.web() + "/ada/engine/issues/1");
    assertThat(server.get("/api/github/runs?session=" + run.getString("sessionId")))
        .isEqualTo(server.get("/api/github/runs"));
    assertThat(server.get("/api/github/runs?session=none").getJsonArray("runs")).isEmpty();
    assertThat(concert("github", "runs").expect(0).out())
        .contains("ada/engine#1  It is slow", run.getString("sessionId"), run.getString("pullUrl"));
    Await.until("the end", () -> run().getString("state").equals("done"));
  }

  private String runs() {
    return server.get("/api/github/runs").encode();
  }

  private JsonObject run() {
    return server.get("/api/github/runs").getJsonArray("runs").getJsonObject(0);
  }

  /** Returns the number of an issue. */
  private int eachRoute() {
    JsonObject issue =
        server.call(
            "POST",
            ENGINE + "/issues",
            201,
            new JsonObject().put("title", "It is slow").put("labels", new JsonArray().add("bug")));
    int number = issue.getInteger("number");
    String comments = ENGINE + "/issues/" + number + "/comments";
    server.call("POST", comments, 201, new JsonObject().put("body", "Please look"));
    JsonObject twice =
        server.call(
            "POST",
            ENGINE + "/pulls",
            422,
            new JsonObject().put("title", "x").put("head", "main").put("base", "main"));
    assertThat(twice.getString("code")).isEqualTo("REPOSITORY_REFUSED");
    assertThat(twice.getString("title")).contains("No commits between");
    assertThat(server.get(ENGINE + "/issues").getJsonArray("issues")).hasSize(1);
    assertThat(server.get(ENGINE + "/pulls").getJsonArray("pulls")).isEmpty();
    assertThat(server.get(ENGINE + "/branches").getJsonArray("branches")).hasSize(1);
    assertThat(server.get(ENGINE + "/contents?path=src/engine.py").getString("content"))
        .isEqualTo("speed = 1");
    assertThat(server.get("/api/github/repositories").getJsonArray("repositories")).hasSize(1);
    server.call("GET", "/api/github/repositories/eve/x/pulls", 404, new JsonObject());
    return number;
  }
}
