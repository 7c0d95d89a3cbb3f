package dev.concert.platform.automation;

import static dev.concert.platform.automation.AutomationCalls.manual;
import static dev.concert.platform.automation.AutomationCalls.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The blueprints that come with Concert, with an agent that does the work and one that only says
 * so: both end their turn well, and the platform tells them apart.
 */
class BlueprintRunTest {
  /** The projects of all blueprints in one workspace. */
  private static final String PROJECT =
      """
      !run printf 'lib==1.0\\n' > requirements.txt
      printf 'import unittest\\nclass T(unittest.TestCase):\\n  def test(self): pass\\n' > test_it.py
      printf 'n=$(cat n 2>/dev/null || echo 0); echo $((n+1)) > n; [ $((n %% 3)) != 2 ]' > flaky.sh
      printf 'one\\ntwo\\n' > main.py
      printf '# Changelog\\n\\n## 1.0\\n- first\\n' > CHANGELOG.md
      echo '[{"id": 7, "title": "crash", "body": "it"}, {"id": 8, "title": "?", "body": ""}]' > issues.json
      """;

  @TempDir static Path data;

  private static Platform platform;
  private static AutomationCalls calls;
  private static String session;

  @BeforeAll
  static void start() {
    platform =
        Platform.start(new PlatformOptions("127.0.0.1", 0, data, Program.home(), new JsonObject()));
    calls = new AutomationCalls(platform.url());
    String maker = calls.create("Maker", manual(), task(PROJECT), null);
    session = calls.awaitEnd(maker, calls.run(maker)).getString("sessionId");
  }

  @AfterAll
  static void stop() {
    platform.close();
  }

  /**
   * @param claim what an agent does that did not do the work
   * @param named what the verifier says about it
   */
  private record Work(
      String blueprint, Map<String, String> set, String done, String claim, String named) {
    @Override
    public String toString() {
      return blueprint;
    }
  }

  private static Stream<Work> works() {
    return Stream.of(
        new Work(
            "dependency-updates",
            Map.of(),
            """
            echo '{"updated": [{"name": "lib", "file": "requirements.txt", "to": "2.0"}]}' \
              > dependency-updates.json
            echo lib==2.0 > requirements.txt
            """,
            """
            echo '{"updated": [{"name": "lib", "file": "requirements.txt", "to": "2.0"}]}' \
              > dependency-updates.json
            """,
            "requirements.txt has no 2.0 of lib"),
        new Work(
            "flaky-test-hunt",
            Map.of("test", "sh flaky.sh", "runs", "4"),
            """
            echo true > flaky.sh; echo '{"tests": [{"name": "flaky"}]}' > flaky-tests.json
            """,
            """
            echo '{"tests": [{"name": "flaky", "change": "mended"}]}' > flaky-tests.json
            """,
            "Run 3 failed"),
        new Work(
            "pr-review",
            Map.of(),
            """
            echo '{"verdict": "comment", "summary": "Fine.", "findings":
              [{"file": "main.py", "line": 2, "severity": "low", "text": "Why?"}]}' > review.json
            """,
            """
            echo '{"verdict": "approve", "summary": "Fine.", "findings":
              [{"file": "main.py", "line": 40, "severity": "low", "text": "Why?"}]}' > review.json
            """,
            "main.py has no line 40"),
        new Work(
            "changelog",
            Map.of("version", "1.1"),
            """
            printf '# Changelog\\n\\n## 1.1\\n- faster\\n\\n## 1.0\\n- first\\n' > CHANGELOG.md
            """,
            """
            printf '\\n## 1.1\\n' >> CHANGELOG.md
            """,
            "the first section is 1.0"),
        new Work(
            "issue-triage",
            Map.of(),
            """
            echo '[{"id": 7, "label": "bug", "priority": 1, "next": "Mend it."},
              {"id": 8, "label": "question", "priority": 4, "next": "Ask."}]' > triage.json
            """,
            """
            echo '[{"id": 7, "label": "bug", "priority": 1, "next": "Mend it."}]' > triage.json
            """,
            "has not exactly the issues"),
        new Work(
            "nightly-bench",
            Map.of("bench", "echo took 100"),
            """
            echo '{"value": 101, "note": "as ever"}' > bench.json
            """,
            """
            echo '{"value": 50, "note": "twice as fast"}' > bench.json
            """,
            "bench.json says 50.0, the benchmark says 100.0"));
  }

  @ParameterizedTest
  @MethodSource("works")
  void workThatIsDoneIsVerifiedAndWorkThatIsOnlyClaimedIsNot(Work work) {
    JsonObject set = new JsonObject().put("session", session).put("agent", "echo");
    work.set().forEach(set::put);
    JsonObject made =
        calls.ok(
            "POST",
            "/api/blueprints/" + work.blueprint() + "/automations",
            new JsonObject().put("set", set).put("trigger", manual()));
    String id = made.getString("automationId");

    JsonObject done = run(id, made, work.done());
    JsonObject claimed = run(id, made, work.claim());

    assertThat(done.getString("verdict")).as(done.encodePrettily()).isEqualTo("verified");
    assertThat(done.getString("state")).isEqualTo("succeeded");
    assertThat(claimed.getString("verdict")).as(claimed.encodePrettily()).isEqualTo("failed");
    assertThat(claimed.getString("state")).isEqualTo("unverified");
    assertThat(claimed.getString("error")).contains(work.named());
    assertThat(calls.item(claimed.getString("runId")).getString("title")).startsWith("Not done: ");
  }

  /** The agent is a script, in the place of a model that follows the prompt. */
  private static JsonObject run(String id, JsonObject made, String script) {
    JsonObject scripted =
        made.getJsonObject("task")
            .copy()
            .put("prompt", "!run " + script + "echo All is done, and every check passes.");
    calls.ok("PUT", "/api/automations/" + id, new JsonObject().put("task", scripted));
    return calls.awaitEnd(id, calls.run(id));
  }

  @Test
  void aBlueprintSaysWhichParameterIsMissingOrUnknown() {
    String path = "/api/blueprints/flaky-test-hunt/automations";

    assertThat(calls.call("POST", path, new JsonObject()).body())
        .contains("set.session", "Id of the session");
    assertThat(
            calls
                .call(
                    "POST",
                    path,
                    new JsonObject()
                        .put("set", new JsonObject().put("sesion", "x").put("test", "")))
                .body())
        .contains("set.sesion", "runs, session, test");
    assertThat(
            calls.call("POST", "/api/blueprints/none/automations", new JsonObject()).statusCode())
        .isEqualTo(404);
    JsonArray all = calls.get("/api/blueprints").getJsonArray("blueprints");
    assertThat(all.stream().map(JsonObject.class::cast))
        .allSatisfy(one -> assertThat(one.getInteger("checks")).isPositive());
  }
}
