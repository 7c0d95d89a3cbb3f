package dev.concert.chronicle.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a listing goes on. */
class ListingCursorTest {

  @ParameterizedTest
  @CsvSource({
    // cursor, entry, was on a page before, and so was all below it
    "a/b, a, true, false",
    "a/b, a/b, true, false",
    "a/b, a/a, true, true",
    "a/b, a/b/c, false, false",
    "a/b, a!, false, false",
    "a!, a, true, true",
    "a!, a/z, true, true",
    "b, a, true, true",
    "b, c, false, false",
    "'', a, false, false"
  })
  void anEntryIsBeforeOrBehindIt(String cursor, String entry, boolean isDone, boolean isAllDone) {
    ListingCursor after = new ListingCursor(cursor);
    assertThat(after.isAtOrAfter(entry)).isEqualTo(isDone);
    assertThat(after.isAfterAllOf(entry)).isEqualTo(isAllDone);
    assertThat(ListingCursor.parse(after.wire())).isEqualTo(after);
  }

  @Test
  void whatIsNoCursorIsRefused() {
    assertThat(ListingCursor.parse(null)).isEqualTo(ListingCursor.START);
    assertThatExceptionOfType(ConcertException.class)
        .isThrownBy(() -> ListingCursor.parse("not base64!"))
        .satisfies(refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_MESSAGE))
        .withMessageContaining("'cursor'");
  }
}
