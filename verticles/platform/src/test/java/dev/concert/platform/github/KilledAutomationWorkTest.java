package dev.concert.platform.github;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What automations and rules bring to a repository is there once, after {@code kill -9} when GitHub
 * opened a pull request of which the server did not hear; with {@code
 * -Dconcert.automation.kills=true} at each step. A server, its sandboxes and their agents are real.
 */
class KilledAutomationWorkTest {
  private static final boolean AT_EACH_STEP = Boolean.getBoolean("concert.automation.kills");
  private static final String OPEN = "POST /repos/ada/engine/pulls";
  private static final String PUSH = "POST /ada/engine.git/git-receive-pack";
  private static final String TOKEN = "POST /app/installations/7/access_tokens";
  private static final String RULE =
      """
      rules:
        - name: greet
          event: issues
          action: opened
          prompt: Please write hello
      """;

  @TempDir private Path folder;
  private KilledGitHubServer server;

  private void start(Map<String, String> files) throws Exception {
    server = new KilledGitHubServer(folder, files);
    server.killAt(OPEN);
  }

  private void killAtEach(String... calls) {
    if (AT_EACH_STEP) {
      Stream.of(calls).forEach(server::killAt);
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void whatARunMadeInACloneIsOneBranchAndOnePullRequest() throws Exception {
    start(Map.of("README.md", "An engine\n"));
    killAtEach(TOKEN, "GET /repos/ada/engine/pulls", PUSH);
    String url = "https://%s/ada/engine.git".formatted(server.github.web().getAuthority());
    JsonObject task =
        new JsonObject()
            .put("prompt", "Please write hello")
            .put("agentType", "coding-agent")
            .put("workspace", new JsonObject().put("kind", "repository").put("url", url))
            .put("result", "pull_request");
    String id =
        server
            .post(
                "/api/automations",
                new JsonObject()
                    .put("name", "Greet")
                    .put("trigger", new JsonObject().put("kind", "manual"))
                    .put("task", task))
            .getString("automationId");
    server.post("/api/automations/" + id + "/runs", new JsonObject());

    server.await("the end", () -> states(id).equals(List.of("done")));
    server.assertKilled();
    JsonObject run = run(id);
    assertThat(run.getString("state")).as(run.encode()).isEqualTo("succeeded");
    assertOnePullRequest(run);
    assertThat(pull().getBoolean("draft")).isTrue();
    assertThat(pull().getJsonObject("head").getString("ref"))
        .isEqualTo("concert/" + run.getString("sessionId"));
    assertThat(sessions()).as("the clone's and the run's").isEqualTo(2);
    assertThat(new JsonObject(server.get("/api/inbox?state=all")).getJsonArray("items"))
        .singleElement()
        .satisfies(item -> assertThat(item.toString()).contains(run.getString("pullUrl")));
  }

  @Test
  void theWorkOfARuleIsOneRunOneBranchAndOnePullRequest() throws Exception {
    start(Map.of("README.md", "An engine\n", ".github/concert.yml", RULE));
    killAtEach("POST /repos/ada/engine/issues/1/comments", PUSH);
    int issue = server.github.openIssue("engine", "bob", "It does not greet", "");
    server.deliver(server.github.issue("engine", issue, "bob", "opened", new JsonObject()));
    if (AT_EACH_STEP) {
      server.kill();
    }

    server.await("the end", () -> rules().size() == 1 && states(rule()).equals(List.of("done")));
    server.assertKilled();
    JsonObject run = run(rule());
    assertThat(run.getString("state")).as(run.encode()).isEqualTo("succeeded");
    assertOnePullRequest(run);
    assertThat(sessions()).isEqualTo(1);
    assertThat(server.github.comments("engine")).as("the status").hasSize(1);
  }

  private void assertOnePullRequest(JsonObject run) {
    String branch = pull().getJsonObject("head").getString("ref");
    assertThat(server.github.pulls("engine")).hasSize(1);
    assertThat(run.getString("pullUrl")).endsWith("/pull/" + pull().getInteger("number"));
    assertThat(server.github.git("engine", "branch", "--list", "concert/*").lines()).hasSize(1);
    assertThat(server.github.git("engine", "rev-list", "--count", "main.." + branch))
        .isEqualTo("1");
    assertThat(server.github.git("engine", "show", branch + ":README.md"))
        .isEqualTo("An engine\nhello");
  }

  private JsonObject pull() {
    return server.github.pulls("engine").getFirst();
  }

  /** Of the automations those that rules are; none while the server is dead. */
  private JsonArray rules() {
    String answer = server.get("/api/automations");
    return answer.isEmpty()
        ? new JsonArray()
        : new JsonObject(answer).getJsonArray("automations", new JsonArray());
  }

  private String rule() {
    return rules().isEmpty() ? "" : rules().getJsonObject(0).getString("automationId");
  }

  private List<String> states(String automation) {
    return slots(automation).stream().map(slot -> ((JsonObject) slot).getString("state")).toList();
  }

  private JsonArray slots(String automation) {
    String answer = server.get("/api/automations/" + automation + "/runs");
    return answer.isEmpty()
        ? new JsonArray()
        : new JsonObject(answer).getJsonArray("slots", new JsonArray());
  }

  private JsonObject run(String automation) {
    return slots(automation).getJsonObject(0).getJsonObject("run");
  }

  private int sessions() {
    return new JsonObject(server.get("/api/sessions")).getJsonArray("sessions").size();
  }
}
