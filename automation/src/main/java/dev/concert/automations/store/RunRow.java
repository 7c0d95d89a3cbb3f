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
 * @param verdict of its checks: {@code verified}, {@code failed} or {@code needs_person}
 * @param origin of its files; empty where it began with none, or in a session that was there
 * @param pull address of the pull request with what it changed
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
    String error,
    Optional<String> verdict,
    Optional<Origin> origin,
    Optional<String> pull) {
  public static final String VERIFIED = "verified";
  public static final String NOT_VERIFIED = "failed";
  public static final String NEEDS_PERSON = "needs_person";

  /**
   * Where the files come from that a run began with.
   *
   * @param sessionId the session whose files were copied
   * @param sequence number of the last iteration in the copy
   */
  public record Origin(String sessionId, long sequence) {}

  /** How far a run is. */
  public enum State {
    QUEUED,
    STARTING,
    RUNNING,
    /** For a person, who has to allow something. */
    WAITING,
    SUCCEEDED,
    FAILED,
    /** The agent ended well, and no check says that the work is done. */
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
