package dev.concert.bridges.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.foundation.outbox.SendOutcome;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class TokenCircuitTest {
  private static final String CONNECTION = "c1";

  private Instant now = Instant.parse("2026-03-02T12:00:00Z");
  private final TokenCircuit circuit = new TokenCircuit(() -> now);

  @Test
  void aClockThatJumpsBackAnHourLengthensNoPause() {
    circuit.learn(CONNECTION, new SendOutcome.Refused("revoked", true));
    assertThat(circuit.pause(CONNECTION)).contains(Duration.ofMinutes(1));
    now = now.minus(Duration.ofHours(1));
    assertThat(circuit.pause(CONNECTION)).contains(Duration.ofMinutes(1));
    now = now.plus(Duration.ofMinutes(1));
    assertThat(circuit.pause(CONNECTION)).isEmpty();
  }
}
