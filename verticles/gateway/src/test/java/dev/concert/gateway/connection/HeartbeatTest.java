package dev.concert.gateway.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private final Heartbeat heartbeat = new Heartbeat();

  @Test
  void aClientThatWasNeverPingedIsAliveHoweverLateTheFirstBeatIs() {
    assertThat(heartbeat.beat()).isTrue();
  }

  @Test
  void aClientThatSaysSomethingBetweenBeatsIsAlive() {
    for (int beat = 0; beat < 5; beat++) {
      assertThat(heartbeat.beat()).isTrue();
      heartbeat.heard();
    }
  }

  @Test
  void aClientThatIsSilentFromOneBeatToTheNextIsLost() {
    heartbeat.heard();
    heartbeat.beat();
    heartbeat.heard();
    assertThat(heartbeat.beat()).isTrue();

    assertThat(heartbeat.beat()).isFalse();
  }
}
