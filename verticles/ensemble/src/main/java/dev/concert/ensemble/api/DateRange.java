package dev.concert.ensemble.api;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/**
 * The query parameters {@code from} and {@code to}: UTC days or instants in ISO 8601. The default
 * is this month until now.
 *
 * @param from inclusive
 * @param to exclusive
 */
record DateRange(Instant from, Instant to) {
  private static final int DAY_LENGTH = "2026-11-21".length();

  /**
   * @throws ConcertException {@code INVALID_MESSAGE} naming the wrong parameter
   */
  static DateRange of(RoutingContext context) {
    Instant now = Instant.now();
    Instant from = given(context, "from").orElseGet(() -> beginOfMonth(now));
    Instant to = given(context, "to").orElse(now.plusMillis(1));
    if (!from.isBefore(to)) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "from: must be before 'to'.");
    }
    return new DateRange(from, to);
  }

  private static Instant beginOfMonth(Instant now) {
    return now.atOffset(ZoneOffset.UTC)
        .toLocalDate()
        .withDayOfMonth(1)
        .atStartOfDay()
        .toInstant(ZoneOffset.UTC);
  }

  private static Optional<Instant> given(RoutingContext context, String parameter) {
    return Optional.ofNullable(context.request().getParam(parameter))
        .map(text -> moment(parameter, text));
  }

  private static Instant moment(String parameter, String text) {
    try {
      return text.length() == DAY_LENGTH
          ? LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC)
          : DateTimeFormatter.ISO_DATE_TIME.parse(text, Instant::from);
    } catch (DateTimeException e) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "%s: must be a day or an instant such as 2026-11-21 or 2026-11-21T10:00:00Z."
              .formatted(parameter));
    }
  }
}
