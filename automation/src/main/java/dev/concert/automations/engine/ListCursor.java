package dev.concert.automations.engine;

import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.AutomationStore.Position;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;

/** The text by which a client asks for the next page of automations. */
final class ListCursor {
  private static final char SEPARATOR = ':';

  private ListCursor() {}

  static String after(AutomationRow row) {
    return Long.toString(row.createdAt().toEpochMilli()) + SEPARATOR + row.id();
  }

  /**
   * @throws ConcertException {@code INVALID_MESSAGE} for a text that is no cursor
   */
  static Position read(String cursor) {
    int separator = cursor.indexOf(SEPARATOR);
    try {
      if (separator > 0) {
        return new Position(
            Long.parseLong(cursor.substring(0, separator)), cursor.substring(separator + 1));
      }
    } catch (NumberFormatException e) {
      throw invalid(e);
    }
    throw invalid(null);
  }

  private static ConcertException invalid(Throwable cause) {
    return new ConcertException(
        ErrorCode.INVALID_MESSAGE,
        "The message is invalid: 'cursor' must be the nextCursor of a reply.",
        cause);
  }
}
