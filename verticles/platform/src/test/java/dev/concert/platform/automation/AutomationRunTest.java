package dev.concert.platform.automation;

import static dev.concert.platform.automation.AutomationCalls.manual;
import static dev.concert.platform.automation.AutomationCalls.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.testing.Await;
import dev.concert.testing.BlockedThreads;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Automations of a real server: their runs are turns of real agents. */
class AutomationRunTest {
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

  @Test
  void aRunIsATurnOfItsOwnSessionAndItsAnswerIsInTheInbox() {
    String id = calls.create("Greeting", manual(), task("good morning"), null);

    JsonObject run = calls.awaitEnd(id, calls.run(id));

    assertThat(run.getString("state")).as(run.encode()).isEqualTo("succeeded");
    JsonObject session = calls.get("/api/sessions/" + run.getString("sessionId"));
    assertThat(session.getJsonObject("session").getJsonObject("metadata").getString("runId"))
        .isEqualTo(run.getString("runId"));
    JsonObject item = calls.item(run.getString("runId"));
    assertThat(item.getString("title")).isEqualTo("Done: Greeting");
    assertThat(item.getString("body")).contains("good morning");
    assertThat(item.getString("kind")).isEqualTo("result");
  }

  @Test
  void anOpenConnectionIsToldOfEachStep() {
    try (ProtocolClient client = ProtocolClient.connect(platform.url())) {
      client.ask("authenticate", Map.of("token", "any", "protocolVersion", 2));
      String id = calls.create("Told", manual(), task("good evening"), null);

      calls.awaitEnd(id, calls.run(id));

      client.await("the item", 0, frame -> isOf(frame, "inbox.item_created", id));
      assertThat(client.transcript().all())
          .filteredOn(frame -> frame.toString().contains(id))
          .extracting(frame -> frame.path("type").asText())
          .filteredOn(type -> !type.startsWith("session_"))
          .containsExactly(
              "automation.created",
              "automation.run_queued",
              "automation.run_started",
              "automation.run_completed",
              "inbox.item_created");
    }
  }

  private static boolean isOf(JsonNode frame, String type, String automation) {
    return frame.path("type").asText().equals(type) && frame.toString().contains(automation);
  }

  @Test
  void aTimeThatComesIsASlotWithARun() {
    String soon = Instant.now().plusSeconds(2).toString();
    String id =
        calls.create(
            "Once",
            new JsonObject().put("kind", "once").put("expression", soon).put("zone", "UTC"),
            task("now"),
            null);

    Await.until(
        "the run",
        () ->
            calls.slots(id).stream()
                .map(JsonObject.class::cast)
                .anyMatch(slot -> slot.getString("state").equals("done")));
    JsonObject slot = calls.slots(id).getJsonObject(0);
    assertThat(slot.getJsonObject("run").getString("state")).isEqualTo("succeeded");
    assertThat(slot.getBoolean("late")).isFalse();
    assertThat(calls.get("/api/automations/" + id).containsKey("nextAt")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "!write done.txt finished work, done.txt, finished, succeeded",
    "I did it and all tests pass, done.txt, finished, unverified",
    "!write done.txt something else, done.txt, finished, unverified",
  })
  void aCheckOfThePlatformDecidesWhetherTheWorkIsDone(
      String prompt, String path, String expected, String state) {
    JsonObject checked =
        task(prompt)
            .put(
                "checks",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("kind", "text")
                            .put("path", path)
                            .put("expected", expected)));
    String id = calls.create("Checked", manual(), checked, null);

    JsonObject run = calls.awaitEnd(id, calls.run(id));

    assertThat(run.getString("state")).as(run.encode()).isEqualTo(state);
    if (state.equals("unverified")) {
      assertThat(run.getString("error")).contains(path);
      assertThat(calls.item(run.getString("runId")).getString("title"))
          .isEqualTo("Not done: Checked");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "deny, '', unverified",
    "allow_list, permit, succeeded",
    "allow_list, other, unverified"
  })
  void thePolicyAnswersWhenAnAgentAsksForPermission(String policy, String tool, String state) {
    JsonObject permissions =
        new JsonObject().put("permissions", policy).put("allowedTools", new JsonArray().add(tool));
    String id = calls.create("Permit", manual(), task("!permit bash ls"), permissions);

    JsonObject run = calls.awaitEnd(id, calls.run(id));

    assertThat(run.getString("state")).as(run.encode()).isEqualTo(state);
  }

  @Test
  void aRunThatWaitsForAPersonIsInTheInboxAndGoesOnWithTheAnswer() {
    String id =
        calls.create(
            "Ask", manual(), task("!permit bash ls"), new JsonObject().put("permissions", "wait"));
    String run = calls.run(id);
    JsonObject waiting = calls.await(id, run, one -> one.getString("state").equals("waiting"));
    JsonObject question = calls.item(run);
    assertThat(question.getString("kind")).isEqualTo("question");

    String session = waiting.getString("sessionId");
    String questionId =
        calls.get("/api/sessions/" + session + "/events?afterSeq=0").getJsonArray("events").stream()
            .map(JsonObject.class::cast)
            .filter(event -> event.getString("type").equals("permission_requested"))
            .map(event -> event.getString("questionId"))
            .findFirst()
            .orElseThrow();
    calls.ok(
        "POST",
        "/api/sessions/" + session + "/questions/" + questionId,
        new JsonObject().put("approved", true));

    assertThat(calls.awaitEnd(id, run).getString("state")).isEqualTo("succeeded");
  }

  @Test
  void aRunThatTakesTooLongIsStopped() {
    String id =
        calls.create(
            "Long", manual(), task("!sleep 600"), new JsonObject().put("timeoutSeconds", 10));

    JsonObject run = calls.awaitEnd(id, calls.run(id));

    assertThat(run.getString("state")).as(run.encode()).isEqualTo("timed_out");
  }

  @Test
  void anAutomationThatFailsAgainAndAgainIsDisabledWithANotice() {
    String id =
        calls.create(
            "Broken", manual(), task("!fail"), new JsonObject().put("disableAfterFailures", 2));
    calls.awaitEnd(id, calls.run(id));
    assertThat(calls.get("/api/automations/" + id).getString("state")).isEqualTo("enabled");
    calls.awaitEnd(id, calls.run(id));

    JsonObject disabled = calls.get("/api/automations/" + id);

    assertThat(disabled.getString("state")).isEqualTo("disabled");
    assertThat(disabled.getString("stateReason")).isEqualTo("2 runs in a row failed.");
    assertThat(calls.inbox("open").stream().map(JsonObject.class::cast))
        .anyMatch(item -> item.getString("title").equals("Disabled: Broken"));
    assertThat(calls.ok("DELETE", "/api/automations/" + id + "/paused", null).getString("state"))
        .isEqualTo("enabled");
  }

  @Test
  void aReplyInTheInboxGoesOnInTheSessionOfTheRun() {
    String id = calls.create("Reply", manual(), task("first"), null);
    JsonObject run = calls.awaitEnd(id, calls.run(id));
    String item = calls.item(run.getString("runId")).getString("itemId");

    JsonObject replied =
        calls.ok(
            "POST", "/api/inbox/" + item + "/replies", new JsonObject().put("text", "and more"));

    assertThat(replied.getString("state")).isEqualTo("done");
    Await.until(
        "the answer",
        () ->
            calls
                .get("/api/sessions/" + run.getString("sessionId") + "/messages")
                .encode()
                .contains("and more"));
  }

  @Test
  void aRunInASessionThatIsBusyIsLeftOutWithoutAnItem() {
    String maker = calls.create("Maker", manual(), task("!sleep 600"), null);
    String first = calls.run(maker);
    String session =
        calls
            .await(maker, first, one -> one.getString("state").equals("running"))
            .getString("sessionId");
    String heartbeat =
        calls.create("Heartbeat", manual(), task("news?").put("sessionId", session), null);

    JsonObject busy = calls.awaitEnd(heartbeat, calls.run(heartbeat));

    assertThat(busy.getString("state")).as(busy.encode()).isEqualTo("stopped");
    assertThat(busy.getString("error")).isEqualTo("Its session was busy.");
    assertThat(calls.inbox("all").encode()).doesNotContain(busy.getString("runId"));
    calls.ok("DELETE", "/api/sessions/" + session + "/turn", null);
    assertThat(calls.awaitEnd(maker, first).getString("state")).isEqualTo("stopped");
    JsonObject run = calls.awaitEnd(heartbeat, calls.run(heartbeat));
    assertThat(run.getString("state")).as(run.encode()).isEqualTo("succeeded");
    assertThat(run.getString("sessionId")).isEqualTo(session);
  }

  @Test
  void anItemIsSeenSnoozedAndDone() {
    String id = calls.create("Sorted", manual(), task("x"), null);
    JsonObject run = calls.awaitEnd(id, calls.run(id));
    String path = "/api/inbox/" + calls.item(run.getString("runId")).getString("itemId");
    long later = System.currentTimeMillis() + 3_600_000;

    calls.ok("PUT", path, new JsonObject().put("state", "snoozed").put("until", later));
    assertThat(calls.inbox("open").encode()).doesNotContain(run.getString("runId"));
    calls.ok("PUT", path, new JsonObject().put("state", "snoozed").put("until", 1));
    assertThat(calls.inbox("open").encode()).contains(run.getString("runId"));
    calls.ok("PUT", path, new JsonObject().put("state", "done"));
    assertThat(calls.inbox("open").encode()).doesNotContain(run.getString("runId"));
    assertThat(calls.call("PUT", path, new JsonObject().put("state", "snoozed")).statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"kind\":\"cron\",\"expression\":\"30 9 * * 1-5\"}|trigger.zone",
        "{\"kind\":\"cron\",\"expression\":\"30 9 * *\",\"zone\":\"UTC\"}|five fields",
        "{\"kind\":\"cron\",\"expression\":\"30 9 * * *\",\"zone\":\"Mars/Base\"}|Mars/Base",
        "{\"kind\":\"cron\",\"expression\":\"0 0 30 2 *\",\"zone\":\"UTC\"}|never",
        "{\"kind\":\"once\",\"expression\":\"2020-01-01T09:00\",\"zone\":\"UTC\"}|never due",
        "{\"kind\":\"once\",\"expression\":\"09:00\",\"zone\":\"UTC\"}|2026-12-01T09:00",
        "{\"kind\":\"sometimes\"}|trigger.kind",
        "{\"kind\":\"interval\",\"expression\":\"PT1S\"}|one minute",
        "{\"kind\":\"manual\",\"zona\":\"UTC\"}|trigger.zona",
        "{}|trigger.kind",
      })
  void aTriggerThatCannotBeReadIsRefusedByItsField(String trigger, String named) {
    HttpResponse<String> refused =
        calls.call(
            "POST",
            "/api/automations",
            new JsonObject()
                .put("name", "x")
                .put("trigger", new JsonObject(trigger))
                .put("task", task("x")));

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(new JsonObject(refused.body()).encode()).contains(named);
  }

  @Test
  void aTriggerIsPreviewedInItsZoneBeforeItIsStored() {
    JsonObject preview =
        calls.ok(
            "POST",
            "/api/automations/preview",
            new JsonObject()
                .put(
                    "trigger",
                    new JsonObject()
                        .put("kind", "cron")
                        .put("expression", "30 9 * * *")
                        .put("zone", "Asia/Tokyo")));

    assertThat(preview.getJsonArray("times")).hasSize(5);
    assertThat(preview.getJsonArray("times").getString(0)).endsWith("T09:30:00+09:00");
    assertThat(preview.getString("description")).contains("09:30");
  }

  @Test
  void whyIsAnsweredForTimesThatRanAndTimesThatDidNot() {
    String id =
        calls.create(
            "Why",
            new JsonObject().put("kind", "cron").put("expression", "0 0 1 1 *").put("zone", "UTC"),
            task("x"),
            null);
    JsonObject run = calls.awaitEnd(id, calls.run(id));
    String why = "/api/automations/" + id + "/why?at=";

    JsonObject ran = calls.get(why + run.getLong("startedAt"));
    assertThat(List.of(ran.getString("code"), ran.getString("message")))
        .as(ran.encode())
        .contains("ran");
    assertThat(calls.get(why + "2020-01-01T00:00Z").getString("code")).isEqualTo("unknown");
    assertThat(calls.get(why + "2099-01-01T00:00Z").getString("code")).isEqualTo("due");
    assertThat(calls.get(why + "2099-06-01T00:00Z").getString("message"))
        .contains("next: 2100-01-01T00:00:00Z");
    calls.ok("PUT", "/api/automations/" + id + "/paused", new JsonObject());
    assertThat(calls.get(why + "2099-01-01T00:00Z").getString("message")).contains("paused by");
    assertThat(calls.call("GET", why + "yesterday", null).statusCode()).isEqualTo(400);
  }

  @Test
  void whatIsDeletedIsNoMore() {
    String id = calls.create("Gone", manual(), task("x"), null);

    calls.ok("DELETE", "/api/automations/" + id, null);

    HttpResponse<String> gone = calls.call("GET", "/api/automations/" + id, null);
    assertThat(gone.statusCode()).isEqualTo(404);
    assertThat(gone.body()).contains("AUTOMATION_NOT_FOUND");
    assertThat(calls.get("/api/automations").encode()).doesNotContain(id);
  }
}
