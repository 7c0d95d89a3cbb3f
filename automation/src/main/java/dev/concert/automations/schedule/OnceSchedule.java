package dev.concert.automations.schedule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Due at one instant.
 *
 * @param zone in which it is described
 */
public record OnceSchedule(Instant at, ZoneId zone) implements Schedule {

  /** Cuts what is smaller than a millisecond: times are stored so, and would come twice. */
  public OnceSchedule {
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /**
   * Reads a local time of the zone, such as {@code 2026-12-01T09:00}, or a time with an offset.
   *
   * @throws ScheduleException for anything else
   */
  static OnceSchedule parse(String text, ZoneId zone) {
    try {
      return new OnceSchedule(new ZoneClock(zone).instant(LocalDateTime.parse(text)), zone);
    } catch (DateTimeException notLocal) {
      try {
        return new OnceSchedule(OffsetDateTime.parse(text).toInstant(), zone);
      } catch (DateTimeException e) {
        throw new ScheduleException(
            "'%s' is no time. Write it like 2026-12-01T09:00.".formatted(text), e);
      }
    }
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return at.isAfter(after) ? Optional.of(at) : Optional.empty();
  }

  @Override
  public String description() {
    return "once, at " + DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(at.atZone(zone));
  }
}
