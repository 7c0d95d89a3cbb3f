package dev.concert.chronicle.iteration;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** A moment in the life of a workspace. */
public sealed interface PastMoment {

  /**
   * @param millis Unix time, inclusive
   */
  record Time(long millis) implements PastMoment {}

  /**
   * @param sequence of the latest iteration that is included
   */
  record Sequence(long sequence) implements PastMoment {}

  /** The moment of a snapshot. */
  record Named(String name) implements PastMoment {}

  /** Whether a snapshot may be called so. */
  static boolean isName(String text) {
    return text.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");
  }

  /** A snapshot's name, {@code @} and a time, or {@code #} and a sequence number; else empty. */
  static Optional<PastMoment> of(String text) {
    if (text.startsWith("@")) {
      return time(text.substring(1)).map(time -> time);
    }
    if (text.matches("#\\d{1,18}")) {
      return Optional.of(new Sequence(Long.parseLong(text.substring(1))));
    }
    return isName(text) ? Optional.of(new Named(text)) : Optional.empty();
  }

  /**
   * A time as people write it: ISO-8601 ({@code 2026-11-21T08:00:00Z}), a day, which is meant as
   * its end in UTC, or Unix milliseconds. Empty for anything else.
   */
  static Optional<Time> time(String text) {
    if (text.matches("\\d{1,15}")) {
      return Optional.of(new Time(Long.parseLong(text)));
    }
    try {
      return Optional.of(
          new Time(
              text.length() == "2026-11-21".length()
                  ? endOf(LocalDate.parse(text))
                  : Instant.parse(text).toEpochMilli()));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static long endOf(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() - 1;
  }
}
