package dev.concert.gateway.health;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.Locale;
import java.util.Optional;

/** Whether a gateway takes new work: it starts, then serves, then drains. Thread-safe. */
public final class ServingState {
  /** Where a gateway is between its start and its end. */
  public enum Phase {
    STARTING,
    SERVING,
    DRAINING;

    /** As it is written in JSON. */
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** How long a client waits before it comes to the server that follows. */
  public static final long RECONNECT_AFTER_MS = 1000;

  private volatile Phase phase = Phase.STARTING;

  public Phase phase() {
    return phase;
  }

  public boolean isDraining() {
    return phase == Phase.DRAINING;
  }

  /** Everything is in place. */
  public void serve() {
    phase = Phase.SERVING;
  }

  /** From now on nothing new begins. */
  public void drain() {
    phase = Phase.DRAINING;
  }

  /** Why new work is refused; empty where it is not. */
  public Optional<ConcertException> refusal() {
    return isDraining()
        ? Optional.of(
            ConcertException.retryAfter(
                ErrorCode.SERVER_DRAINING, "This server is about to stop.", RECONNECT_AFTER_MS))
        : Optional.empty();
  }
}
