package dev.concert.platform.join;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.Events;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.RunningPlatform;
import dev.concert.platform.harness.TestClient;
import dev.concert.testing.Fastest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A client that does not read harms itself only. */
class SlowReaderTest {
  private static final int SLOW_CONSUMER = 4413;

  @RegisterExtension static final RunningPlatform PLATFORM = new RunningPlatform();

  @Test
  void aClientThatNeverReadsIsCutOffAndNobodyWaitsForIt() {
    TestClient reading = TestClient.echo(PLATFORM.connect());
    ProtocolClient slow = PLATFORM.connect();
    TestClient.join(slow, reading.sessionId(), 0);
    slow.stopReading();
    // A turn of this text is about five times as large on the wire, and takes the agent no time.
    String text = "word ".repeat(4) + "x".repeat(900_000);

    for (int turn = 0; turn < 6; turn++) {
      assertThat(reading.run(text).path("type").asText()).isEqualTo("turn_complete");
    }

    Events.verifyWhole(reading.events(), 0);
    assertThat(Events.text(reading.events(), "text_delta")).isEqualTo(text.repeat(6));
    slow.readOn();
    assertThat(slow.transcript().awaitClose(Duration.ofMinutes(1))).isEqualTo(SLOW_CONSUMER);
    assertThat(slow.events(reading.sessionId()).size()).isLessThan(reading.events().size());
  }

  @Test
  void turnsAreNotSlowedByAClientThatNeverReads() {
    String text = "x".repeat(900_000);
    Fastest.isWithin(
        Duration.ofSeconds(15),
        _ -> {
          TestClient reading = TestClient.echo(PLATFORM.connect());
          ProtocolClient slow = PLATFORM.connect();
          TestClient.join(slow, reading.sessionId(), 0);
          slow.stopReading();
          Duration taken =
              Fastest.time(
                  () -> {
                    for (int turn = 0; turn < 6; turn++) {
                      reading.run(text);
                    }
                  });
          slow.readOn();
          return taken;
        });
  }

  @Test
  void whoWasCutOffComesBackAndMissesNothing() {
    TestClient reading = TestClient.echo(PLATFORM.connect());
    ProtocolClient slow = PLATFORM.connect();
    TestClient cut = TestClient.join(slow, reading.sessionId(), 0);
    slow.stopReading();
    String text = "y".repeat(1_000_000);
    for (int turn = 0; turn < 6; turn++) {
      reading.run(text);
    }
    slow.readOn();
    slow.transcript().awaitClose(Duration.ofMinutes(1));

    long last = cut.events().isEmpty() ? 0 : cut.events().getLast().path("seq").asLong();
    TestClient back = TestClient.join(PLATFORM.connect(), reading.sessionId(), last);
    long goal = reading.events().getLast().path("seq").asLong();
    back.awaitEvent("what was missed", 0, event -> event.path("seq").asLong() >= goal);

    Events.verifyWhole(cut.events(), 0);
    Events.verifyWhole(back.events(), last);
  }
}
