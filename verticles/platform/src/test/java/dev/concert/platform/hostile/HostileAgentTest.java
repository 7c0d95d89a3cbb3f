package dev.concert.platform.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Fastest;
import dev.concert.testing.log.ExpectedLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that misbehaves harms its own session only. */
@ExpectedLog(
    logger = "dev.concert.coordinator.instance.Teardown",
    message = "The agent of instance .* is gone",
    required = false)
class HostileAgentTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @ParameterizedTest
  @ValueSource(strings = {"!garbage", "!hugeframe", "!crash"})
  void anAgentThatBreaksOffEndsItsTurnAndNothingElse(String misbehaviour) {
    TestClient hostile = TestClient.echo(PLATFORM.connect());
    TestClient neighbour = TestClient.create(PLATFORM.connect(), "coding-agent");
    hostile.run("!write kept.txt kept");

    String other = neighbour.start("create hello.py that prints the first ten primes and run it");
    JsonNode end = hostile.awaitEnd(hostile.start(misbehaviour));

    assertThat(end.path("type").asText()).isEqualTo("turn_error");
    assertThat(end.path("code").asText()).isEqualTo("AGENT_CRASHED");
    assertThat(end.path("retryable").asBoolean()).isTrue();
    verifyUnharmed(neighbour, other);
    assertThat(hostile.run("!read kept.txt").path("finalText").asText()).isEqualTo("kept");
    Events.verifyWhole(hostile.events(), 0);
  }

  @Test
  void aCrashIsReportedWithinTwoSecondsWithTheLastLinesOfTheLog() {
    TestClient client = TestClient.echo(PLATFORM.connect());

    Fastest.isWithin(
        Duration.ofSeconds(2),
        _ -> {
          client.run("warm");
          String turnId = client.start("!crash");
          return Fastest.time(
              () ->
                  assertThat(client.awaitEnd(turnId).path("details").asText())
                      .contains("echo: crashing because it was told to"));
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"!garbage", "!hugeframe"})
  void aBrokenFrameEndsItsTurnWithinThreeSeconds(String misbehaviour) {
    TestClient client = TestClient.echo(PLATFORM.connect());

    Fastest.isWithin(
        Duration.ofSeconds(3),
        _ -> {
          client.run("warm");
          return Fastest.time(() -> client.awaitEnd(client.start(misbehaviour)));
        });
  }

  @Test
  void anAgentThatNeverAnswersCanBeStopped() {
    TestClient hostile = TestClient.echo(PLATFORM.connect());
    TestClient neighbour = TestClient.create(PLATFORM.connect(), "coding-agent");
    hostile.run("!write kept.txt kept");
    String turnId = hostile.start("!hang");
    hostile.awaitEvent("the hanging", 0, event -> event.path("text").asText().contains("hanging"));

    String other = neighbour.start("create hello.py that prints the first ten primes and run it");
    JsonNode end = hostile.ask("stop_turn");

    assertThat(end.path("type").asText()).isEqualTo("turn_complete");
    assertThat(end.path("stopReason").asText()).isEqualTo("stopped");
    assertThat(end.path("turnId").asText()).isEqualTo(turnId);
    verifyUnharmed(neighbour, other);
    assertThat(hostile.run("!read kept.txt").path("finalText").asText()).isEqualTo("kept");
  }

  @Test
  void anAgentThatForksForeverReachesItsOwnLimit() {
    TestClient hostile = TestClient.echo(PLATFORM.connect());
    TestClient neighbour = TestClient.create(PLATFORM.connect(), "coding-agent");

    String turnId = hostile.start("!forkbomb");
    String other = neighbour.start("create hello.py that prints the first ten primes and run it");
    verifyUnharmed(neighbour, other);
    JsonNode end = hostile.awaitEnd(turnId);

    if (end.path("type").asText().equals("turn_complete")) {
      assertThat(end.path("finalText").asText())
          .as("what it could fork")
          .contains("Resource temporarily unavailable");
    } else {
      assertThat(end.path("code").asText()).isEqualTo("AGENT_CRASHED");
    }
    assertThat(hostile.run("on").path("finalText").asText()).isEqualTo("on");
  }

  private static void verifyUnharmed(TestClient neighbour, String turnId) {
    JsonNode end = neighbour.finish(turnId);
    assertThat(end.path("type").asText()).isEqualTo("turn_complete");
    assertThat(Events.text(neighbour.events(turnId), "terminal_stream")).endsWith("29\n");
    Events.verifyWhole(neighbour.events(), 0);
  }
}
