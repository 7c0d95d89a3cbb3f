package dev.concert.platform.log;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.event.Level;

/** From which weight on an event is logged. */
public enum LogLevel {
  TRACE(Level.TRACE),
  DEBUG(Level.DEBUG),
  INFO(Level.INFO),
  WARN(Level.WARN),
  /** The same as {@link #WARN}. */
  WARNING(Level.WARN),
  ERROR(Level.ERROR),
  /** The same as {@link #ERROR}: nothing is heavier. */
  FATAL(Level.ERROR);

  private final Level level;

  LogLevel(Level level) {
    this.level = level;
  }

  Level level() {
    return level;
  }

  /** Upper and lower case are the same; empty where the word is no level. */
  static Optional<LogLevel> parse(String word) {
    return Optional.ofNullable(BY_WORD.get(word.strip().toLowerCase(Locale.ROOT)));
  }

  private static final Map<String, LogLevel> BY_WORD =
      Map.of(
          "trace", TRACE,
          "debug", DEBUG,
          "info", INFO,
          "warn", WARN,
          "warning", WARNING,
          "error", ERROR,
          "fatal", FATAL);
}
