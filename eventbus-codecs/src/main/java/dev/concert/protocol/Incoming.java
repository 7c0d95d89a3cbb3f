package dev.concert.protocol;

import dev.concert.error.Problem;

/** What became of a frame that a client sent. */
public sealed interface Incoming {

  /**
   * A message that fits its row of the table.
   *
   * @param requestId to be echoed; null when the client gave none
   */
  record Valid(String requestId, ClientProtocol.Row row, ClientMessage message)
      implements Incoming {}

  /** A frame to refuse; nothing was changed by it. */
  record Refused(String requestId, Problem problem) implements Incoming {}
}
