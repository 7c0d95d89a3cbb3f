package dev.concert.gateway.registry;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.protocol.SessionMeta;

/** Where a page of sessions ended. On the wire {@code createdAt:id}. */
public record Cursor(long createdAt, String id) {

  static Cursor after(SessionMeta session) {
    return new Cursor(session.createdAt(), session.id());
  }

  /** Reads what a client sent back. */
  public static Cursor parse(String text) {
    int colon = text.indexOf(':');
    try {
      return new Cursor(
          Long.parseLong(text.substring(0, Math.max(colon, 0))), text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "The message is invalid: 'cursor' is none that this server gave.");
    }
  }

  public String wire() {
    return createdAt + ":" + id;
  }
}
