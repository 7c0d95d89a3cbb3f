package dev.concert.gateway.eventlog;

/**
 * A message of the conversation, as a point to which a session goes back or from which it is
 * forked.
 *
 * @param seq number of the event that the message is
 * @param isAnswer whether the agent said it
 * @param filesBefore sequence number of the workspace when the message's turn began
 * @param filesAfter sequence number of the workspace right after the message: for a person's
 *     message the same, for an answer when its turn had ended
 */
public record MessagePoint(
    String messageId, long seq, boolean isAnswer, long filesBefore, long filesAfter) {
  /** It was not noted which files belong to the message. */
  public static final long UNKNOWN = -1;

  /** No turn has changed the files since. */
  public static final long NOW = Long.MAX_VALUE;
}
