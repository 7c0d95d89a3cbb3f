package dev.concert.chronicle.files;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Where a page of a listing ended: at a path. A listing has a folder before its entries, and the
 * entries of one folder in the order of their names; so the cursor stays right although files come
 * and go between two pages.
 *
 * @param path of the last entry; empty before the first
 */
record ListingCursor(String path) {
  static final ListingCursor START = new ListingCursor("");

  /**
   * Reads what {@link #wire} wrote.
   *
   * @param text null for the first page
   */
  static ListingCursor parse(String text) {
    if (text == null) {
      return START;
    }
    try {
      byte[] path = Base64.getUrlDecoder().decode(text);
      return new ListingCursor(new String(path, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "The message is invalid: 'cursor' is none that this server gave.",
          e);
    }
  }

  String wire() {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(path.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether an entry was on one of the pages before. */
  boolean isAtOrAfter(String entry) {
    return Arrays.compare(entry.split("/"), path.split("/")) <= 0;
  }

  /** Whether everything below a folder was on one of the pages before. */
  boolean isAfterAllOf(String folder) {
    return isAtOrAfter(folder) && !path.equals(folder) && !path.startsWith(folder + "/");
  }
}
