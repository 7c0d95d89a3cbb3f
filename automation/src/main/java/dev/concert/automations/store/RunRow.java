package dev.concert.automations.store;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * The work that a slot begins.
 *
 * @param attempt 1 for the first
 * @param notBefore when it may begin
 * @param turnSeq number of the last event before its turn
 * @param error a sentence; empty when there is none
 */
public record RunRow(
    String id,
    String automationId,
    Instant scheduledAt,
    int attempt,
    State state,
    Instant notBefore,
    Optional<String> sessionId,
    Optional<String> turnId,
    long turnSeq,
    Optional<Instant> startedAt,
    Optional<Instant> endedAt,
    BigDecimal cost,
    String error) {

  /** How far a run is. */
  public enum State {
    QUEUED,
    STARTING,
    RUNNING,
    /** For a person, who has to allow something. */
    WAITING,
    SUCCEEDED,
    FAILED,
    /** The agent ended well, and a check says that the work is not done. */
    UNVERIFIED,
    STOPPED,
    TIMED_OUT;

    public boolean isOpen() {
      return compareTo(SUCCEEDED) < 0;
    }

    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
