package dev.concert.platform.automation;

import static dev.concert.platform.automation.AutomationCalls.manual;
import static dev.concert.platform.automation.AutomationCalls.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.platform.project.BundleFetch;
import dev.concert.testing.BlockedThreads;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs that begin with a session's files, and what the platform finds when their agents ended. */
class VerifiedRunTest {
  @TempDir static Path data;

  private static final BlockedThreads BLOCKED = BlockedThreads.watch();
  private static Platform platform;
  private static AutomationCalls calls;

  @BeforeAll
  static void start() {
    platform =
        Platform.start(new PlatformOptions("127.0.0.1", 0, data, Program.home(), new JsonObject()));
    calls = new AutomationCalls(platform.url());
  }

  @AfterAll
  static void stop() {
    platform.close();
    BLOCKED.assertNone();
  }

  private static JsonObject check(String kind) {
    return new JsonObject().put("kind", kind);
  }

  private static JsonObject run(JsonObject task, JsonObject... checks) {
    String id =
        calls.create(
            "Checked", manual(), task.put("checks", new JsonArray(Arrays.asList(checks))), null);
    return calls.awaitEnd(id, calls.run(id)).put("automation", id);
  }

  private static String sessionWith(String script) {
    return run(task("!run " + script)).getString("sessionId");
  }

  private static JsonObject copyOf(String session, String prompt) {
    return task(prompt)
        .put("workspace", new JsonObject().put("kind", "session").put("sessionId", session));
  }

  @Test
  void eachCommandHasACopyOfItsOwnAndNothingOfItComesBack() throws Exception {
    JsonObject run =
        run(
            task("!run echo done > work.txt"),
            check("command").put("command", "rm work.txt && echo x > made-by-check"),
            check("command").put("command", "cat work.txt && ! ls made-by-check"),
            check("text").put("path", "work.txt").put("expected", "done"));

    assertThat(run.getString("verdict")).as(run.encodePrettily()).isEqualTo("verified");
    assertThat(calls.get("/api/sessions/" + run.getString("sessionId") + "/files").encode())
        .contains("work.txt")
        .doesNotContain("made-by-check");
    try (Stream<Path> left = Files.list(data.resolve("instances"))) {
      assertThat(left.map(one -> one.getFileName().toString()))
          .noneMatch(name -> name.startsWith("check_"));
    }
  }

  private static HttpResponse<String> branch(JsonObject run) {
    return calls.call(
        "POST",
        "/api/automations/%s/runs/%s/branch"
            .formatted(run.getString("automation"), run.getString("runId")),
        new JsonObject());
  }

  @Test
  void whatARunMadeInARepositoryIsABranchOfMine(@TempDir Path mine) throws Exception {
    String commit = "git -c user.name=A -c user.email=a@b commit -q";
    JsonObject run =
        run(
            task(
                "!run git init -q --template= . && echo one > a && git add a && %s -m one && echo two > a && echo new > b && git config core.fsmonitor 'echo fooled > c'"
                    .formatted(commit)));
    JsonObject made = new JsonObject(branch(run).body());
    assertThat(made.getString("branch")).isEqualTo("concert/" + run.getString("sessionId"));
    git(mine, "init", "-q", ".");
    BundleFetch.into(
        mine, Base64.getDecoder().decode(made.getString("bundle")), made.getString("branch"));
    assertThat(git(mine, "log", "--format=%an %s", made.getString("branch")).lines())
        .containsExactly("Concert Work of " + run.getString("runId"), "A one");
    assertThat(git(mine, "ls-tree", "--name-only", made.getString("branch")).lines())
        .containsExactly("a", "b");

    JsonObject unchanged =
        run(
            task(
                "!run git init -q --template= . && %s --allow-empty -m one && git update-ref refs/remotes/origin/main HEAD"
                    .formatted(commit)));
    assertThat(branch(unchanged).statusCode()).isEqualTo(412);
    assertThat(branch(unchanged).body()).contains("This run changed nothing.");
    assertThat(branch(run(task("no files"))).body()).contains("no git repository");
  }

  private static String git(Path folder, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    Process git = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(git.waitFor()).as(said).isZero();
    return said;
  }

  @Test
  void aFileIsComparedWithAJsonSchema() {
    String schema = "{\"properties\":{\"size\":{\"type\":\"integer\",\"minimum\":2}}}";
    JsonObject run =
        run(
            task("!run echo '{\"size\": 2}' > good.json; echo '{\"size\": 1}' > bad.json"),
            check("schema").put("path", "good.json").put("expected", schema),
            check("schema").put("path", "bad.json").put("expected", schema));

    assertThat(run.getString("verdict")).as(run.encodePrettily()).isEqualTo("failed");
    assertThat(run.getString("error"))
        .contains("The file bad.json does not match the schema. #/size")
        .doesNotContain("good.json");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "exit 4|2|ended with 4",
        "echo why; sleep 600|1|longer than 1 s",
        "cat /etc/shadow|5|ended with 1",
      })
  void aCommandThatDoesNotEndWell(String command, int seconds, String named) {
    JsonObject run =
        run(
            task("I did it."),
            check("command").put("command", command).put("timeoutSeconds", seconds));

    assertThat(run.getString("verdict")).as(run.encodePrettily()).isEqualTo("failed");
    assertThat(run.getString("error")).contains(named);
  }

  @Test
  void aProjectWithoutTestsNeedsAPersonAndDoesNotCountAsAFailure() {
    JsonObject run = run(task("I did it."), check("tests"));

    assertThat(run.getString("verdict")).as(run.encodePrettily()).isEqualTo("needs_person");
    assertThat(run.getString("state")).isEqualTo("unverified");
    JsonObject item = calls.item(run.getString("runId"));
    assertThat(item.getString("title")).isEqualTo("Needs you: Checked");
    assertThat(item.getString("kind")).isEqualTo("question");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"verdict\": \"pass\"}|verified|",
        "{\"verdict\": \"fail\", \"reason\": \"It is empty.\"}|failed|It is empty.",
        "{\"verdict\": \"unsure\", \"reason\": \"Too dark.\"}|needs_person|Too dark.",
        "It looks good to me.|needs_person|gives no verdict",
      })
  void theReviewersLastWordDecides(String said, String verdict, String named) {
    // The echo agent says what it is told, and so ends with this line.
    JsonObject run = run(task("hi"), check("review").put("expected", "Judge.\n" + said));

    assertThat(run.getString("verdict")).as(run.encodePrettily()).isEqualTo(verdict);
    if (named != null) {
      assertThat(run.getString("error")).contains(named, "session");
    }
  }

  @Test
  void aRunBeginsWithACopyAndItsChangesComeBackWhenAPersonAcceptsThem() {
    String source = sessionWith("echo old > a.txt; echo gone > b.txt; echo same > c.txt");

    JsonObject run =
        run(copyOf(source, "!run echo new > a.txt; rm b.txt; mkdir d; echo added > d/e.txt"));

    String path =
        "/api/automations/" + run.getString("automation") + "/runs/" + run.getString("runId");
    JsonArray changes = calls.get(path + "/changes").getJsonArray("changes");
    assertThat(changes.stream().map(JsonObject.class::cast))
        .extracting(one -> one.getString("change") + " " + one.getString("path"))
        .containsExactlyInAnyOrder("changed a.txt", "deleted b.txt", "added d/e.txt");
    assertThat(changes.encode()).contains("-old", "+new", "+added");
    assertThat(text(source, "a.txt")).isEqualTo("old\n");

    JsonObject accepted = calls.ok("POST", path + "/accept", new JsonObject());
    assertThat(accepted.getInteger("written")).isEqualTo(2);
    assertThat(accepted.getInteger("deleted")).isEqualTo(1);
    assertThat(text(source, "a.txt")).isEqualTo("new\n");
    assertThat(text(source, "d/e.txt")).isEqualTo("added\n");
    assertThat(calls.call("GET", file(source, "b.txt"), null).statusCode()).isEqualTo(404);
    assertThat(calls.get("/api/sessions/" + source + "/snapshots").encode())
        .contains(accepted.getString("snapshot"));
    assertThat(calls.ok("POST", path + "/accept", new JsonObject()).getInteger("written")).isZero();
  }

  private static String file(String session, String path) {
    return "/api/sessions/" + session + "/file?path=" + path;
  }

  private static String text(String session, String path) {
    return calls.call("GET", file(session, path), null).body();
  }

  @Test
  void changesThatDoNotFitAnyMoreAreRefusedAndNothingIsWritten() {
    String source = sessionWith("echo old > a.txt");
    JsonObject run = run(copyOf(source, "!run echo new > a.txt; echo x > other.txt"));
    String path =
        "/api/automations/" + run.getString("automation") + "/runs/" + run.getString("runId");
    JsonObject later = task("!run echo mine > a.txt").put("sessionId", source);
    run(later);

    HttpResponse<String> refused = calls.call("POST", path + "/accept", new JsonObject());

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(412);
    assertThat(refused.body()).contains("a.txt");
    assertThat(text(source, "a.txt")).isEqualTo("mine\n");
    assertThat(calls.call("GET", file(source, "other.txt"), null).statusCode()).isEqualTo(404);
  }

  @Test
  void aSessionThatTheOwnerMayNotReadIsNotCopied() {
    JsonObject run = run(copyOf("00000000-0000-0000-0000-000000000000", "hi"));

    assertThat(run.getString("state")).as(run.encodePrettily()).isEqualTo("failed");
    assertThat(run.getString("error")).contains("session");
  }
}
