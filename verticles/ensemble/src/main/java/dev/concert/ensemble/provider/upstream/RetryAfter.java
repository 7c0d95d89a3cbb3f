package dev.concert.ensemble.provider.upstream;

import io.vertx.core.MultiMap;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;

/**
 * Reads how long a server asks to wait: {@code retry-after-ms} (OpenAI), or {@code Retry-After} in
 * seconds or as a date (RFC 9110, 10.2.3).
 */
final class RetryAfter {
  private static final Duration LONGEST = Duration.ofHours(24);

  private RetryAfter() {}

  /** The milliseconds to wait; 0 if the server named no time. */
  static long milliseconds(MultiMap headers) {
    String exact = headers.get("retry-after-ms");
    if (exact != null) {
      return number(exact, 1);
    }
    String usual = headers.get("retry-after");
    if (usual == null) {
      return 0;
    }
    long seconds = number(usual, 1_000);
    return seconds > 0 ? seconds : date(usual);
  }

  static long number(String text, int factor) {
    try {
      return bounded((long) (Double.parseDouble(text.strip()) * factor));
    } catch (NumberFormatException e) {
      // Possibly a date, which is parsed below.
      return 0;
    }
  }

  private static long date(String text) {
    try {
      Instant when =
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return bounded(Duration.between(Instant.now(), when).toMillis());
    } catch (DateTimeParseException e) {
      // The header is only advice; an unreadable one is ignored.
      return 0;
    }
  }

  private static long bounded(long milliseconds) {
    return Math.clamp(milliseconds, 0, LONGEST.toMillis());
  }
}
