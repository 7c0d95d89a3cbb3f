package dev.concert.bridges.conformance;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The clock of a test: it runs as others do, and can be moved. */
final class MovableClock implements InstantSource {
  private volatile Duration ahead = Duration.ZERO;

  void move(Duration time) {
    ahead = ahead.plus(time);
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }
}
