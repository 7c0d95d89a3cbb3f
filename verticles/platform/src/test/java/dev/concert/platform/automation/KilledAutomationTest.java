package dev.concert.platform.automation;

import static dev.concert.platform.automation.AutomationCalls.manual;
import static dev.concert.platform.automation.AutomationCalls.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ServerProcess;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kill -9} while runs begin and times pass. */
class KilledAutomationTest {
  @TempDir Path data;

  @Test
  void noRunIsLostNoneRunsTwiceAndATimeThatPassedIsCaughtUpWith() {
    String quick;
    String run;
    String slow;
    String broken;
    String passed;
    try (ServerProcess server = start()) {
      AutomationCalls calls = new AutomationCalls(server.url());
      slow = calls.create("Slow", manual(), task("!sleep 600"), null);
      broken = calls.run(slow);
      calls.await(slow, broken, one -> one.getString("state").equals("running"));
      String soon = Instant.now().plusSeconds(1).toString();
      passed =
          calls.create(
              "Passed",
              new JsonObject().put("kind", "once").put("expression", soon).put("zone", "UTC"),
              task("caught up"),
              new JsonObject().put("graceSeconds", 0));
      quick = calls.create("Quick", manual(), task("good morning"), null);
      run = calls.run(quick);
      server.kill();
    }
    try (ServerProcess server = start()) {
      AutomationCalls calls = new AutomationCalls(server.url());
      JsonObject ended = calls.awaitEnd(quick, run);
      // The crash may have broken off a turn that had begun; it does not begin again.
      assertThat(List.of("succeeded", "failed")).contains(ended.getString("state"));
      JsonObject brokenOff = calls.awaitEnd(slow, broken);
      assertThat(brokenOff.getString("state")).isEqualTo("failed");
      assertThat(brokenOff.getString("error")).contains("restarted");
      Await.until("the time that passed", () -> states(calls, passed).equals(List.of("done")));
      assertThat(calls.slots(passed).getJsonObject(0).getBoolean("late")).isTrue();
      for (String one : List.of(run, broken)) {
        assertThat(sessionsOf(calls, one)).isEqualTo(1);
      }
    }
  }

  private ServerProcess start() {
    return ServerProcess.start("up", data.resolve("data"), Map.of());
  }

  private static List<String> states(AutomationCalls calls, String automation) {
    return calls.slots(automation).stream()
        .map(slot -> ((JsonObject) slot).getString("state"))
        .toList();
  }

  private static long sessionsOf(AutomationCalls calls, String run) {
    return calls.get("/api/sessions").getJsonArray("sessions").stream()
        .map(session -> ((JsonObject) session).getJsonObject("metadata", new JsonObject()))
        .filter(metadata -> run.equals(metadata.getString("runId")))
        .count();
  }
}
