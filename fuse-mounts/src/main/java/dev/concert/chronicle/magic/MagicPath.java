package dev.concert.chronicle.magic;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;

/** What a path below {@code .chronicle} asks for. */
sealed interface MagicPath {
  String ROOT = ".chronicle";

  /** {@code .chronicle} itself. */
  record Top() implements MagicPath {}

  /** {@code .chronicle/at} itself. */
  record Versions() implements MagicPath {}

  /** The history of a path; the empty path is the root of all. */
  record Query(String path) implements MagicPath {}

  /** A path's iteration of this number. */
  record Numbered(long number, String path) implements MagicPath {}

  /**
   * A path as it was.
   *
   * @param millis Unix time, inclusive
   */
  record Moment(long millis, String path) implements MagicPath {}

  static boolean isMagic(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  /** Empty for what can never be there. */
  static Optional<MagicPath> of(String path) {
    if (path.equals(ROOT)) {
      return Optional.of(new Top());
    }
    String[] parts = path.substring(ROOT.length() + 1).split("/", 3);
    return switch (parts[0]) {
      case "query" -> Optional.of(new Query(path.substring(Math.min(path.length(), 17))));
      case "at" ->
          parts.length == 1
              ? Optional.of(new Versions())
              : version(parts[1], parts.length == 3 ? parts[2] : "");
      default -> Optional.empty();
    };
  }

  private static Optional<MagicPath> version(String which, String path) {
    if (which.startsWith("@")) {
      return moment(which.substring(1)).map(millis -> new Moment(millis, path));
    }
    return which.matches("[1-9]\\d{0,17}")
        ? Optional.of(new Numbered(Long.parseLong(which), path))
        : Optional.empty();
  }

  private static Optional<Long> moment(String text) {
    if (text.matches("\\d{1,15}")) {
      return Optional.of(Long.parseLong(text));
    }
    try {
      return Optional.of(
          text.length() == "2026-11-21".length()
              ? endOf(LocalDate.parse(text))
              : Instant.parse(text).toEpochMilli());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** A day is meant as its end, in UTC. */
  private static long endOf(LocalDate day) {
    return day.plusDays(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() - 1;
  }
}
