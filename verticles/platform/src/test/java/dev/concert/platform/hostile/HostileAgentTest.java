package dev.concert.platform.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.stage.Events;
import dev.concert.platform.stage.RunningPlatform;
import dev.concert.platform.stage.Seat;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An agent that misbehaves harms its own session only. */
class HostileAgentTest {
  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @ParameterizedTest
  @ValueSource(strings = {"!garbage", "!hugeframe", "!crash"})
  void anAgentThatBreaksOffEndsItsTurnAndNothingElse(String misbehaviour) {
    Seat hostile = Seat.echo(PLATFORM.connect());
    Seat neighbour = Seat.create(PLATFORM.connect(), "coding-agent");
    hostile.run("!write kept.txt kept");

    String other = neighbour.start("create hello.py that prints the first ten primes and run it");
    long start = System.nanoTime();
    JsonNode end = hostile.awaitEnd(hostile.start(misbehaviour));

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
    assertThat(end.path("type").asText()).isEqualTo("turn_error");
    assertThat(end.path("code").asText()).isEqualTo("AGENT_CRASHED");
    assertThat(end.path("retryable").asBoolean()).isTrue();
    verifyUnharmed(neighbour, other);
    assertThat(hostile.run("!read kept.txt").path("finalText").asText()).isEqualTo("kept");
    Events.verifyWhole(hostile.events(), 0);
  }

  @Test
  void aCrashIsToldWithTheLastLinesOfTheLogWithinTwoSeconds() {
    Seat seat = Seat.echo(PLATFORM.connect());
    seat.run("warm");

    String turnId = seat.start("!crash");
    long start = System.nanoTime();
    JsonNode end = seat.awaitEnd(turnId);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(end.path("message").asText()).contains("echo: crashing because it was told to");
  }

  @Test
  void anAgentThatNeverAnswersCanBeStopped() {
    Seat hostile = Seat.echo(PLATFORM.connect());
    Seat neighbour = Seat.create(PLATFORM.connect(), "coding-agent");
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
    Seat hostile = Seat.echo(PLATFORM.connect());
    Seat neighbour = Seat.create(PLATFORM.connect(), "coding-agent");

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

  private static void verifyUnharmed(Seat neighbour, String turnId) {
    JsonNode end = neighbour.finish(turnId);
    assertThat(end.path("type").asText()).isEqualTo("turn_complete");
    assertThat(Events.text(neighbour.events(turnId), "terminal_stream")).endsWith("29\n");
    Events.verifyWhole(neighbour.events(), 0);
  }
}
