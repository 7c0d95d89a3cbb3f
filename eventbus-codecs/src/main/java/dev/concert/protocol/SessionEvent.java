package dev.concert.protocol;

/**
 * An event with its place in a session.
 *
 * @param seq number within the session, from 1, without holes
 * @param firstSeq number of the first part of a merged event; equal to {@code seq} for one that is
 *     whole
 * @param ts Unix milliseconds
 * @param turnId null outside a turn
 */
public record SessionEvent(
    String sessionId, long seq, long firstSeq, long ts, String turnId, ServerEvent event) {

  /** An event that was not merged. */
  public SessionEvent(String sessionId, long seq, long ts, String turnId, ServerEvent event) {
    this(sessionId, seq, seq, ts, turnId, event);
  }

  /** The same event, covering the numbers from {@code first} on. */
  public SessionEvent from(long first) {
    return new SessionEvent(sessionId, seq, first, ts, turnId, event);
  }
}
