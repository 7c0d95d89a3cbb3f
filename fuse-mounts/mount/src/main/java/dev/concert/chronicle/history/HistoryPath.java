package dev.concert.chronicle.history;

import dev.concert.chronicle.iteration.PastMoment;
import java.util.Optional;

/** The meaning of a path below {@code .chronicle}. */
sealed interface HistoryPath {
  String ROOT = ".chronicle";

  /** {@code .chronicle} itself. */
  record Top() implements HistoryPath {}

  /** {@code .chronicle/at} itself. */
  record Versions() implements HistoryPath {}

  /** The history of a path; the empty path is the root. */
  record Query(String path) implements HistoryPath {}

  /** The iteration of a path with this number. */
  record Numbered(long number, String path) implements HistoryPath {}

  /**
   * A path as it was.
   *
   * @param millis Unix time, inclusive
   */
  record Moment(long millis, String path) implements HistoryPath {}

  static boolean isHistory(String path) {
    return path.equals(ROOT) || path.startsWith(ROOT + "/");
  }

  /** Empty for a path that can never exist. */
  static Optional<HistoryPath> of(String path) {
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

  private static Optional<HistoryPath> version(String which, String path) {
    if (which.startsWith("@")) {
      return PastMoment.time(which.substring(1)).map(time -> new Moment(time.millis(), path));
    }
    return which.matches("[1-9]\\d{0,17}")
        ? Optional.of(new Numbered(Long.parseLong(which), path))
        : Optional.empty();
  }
}
