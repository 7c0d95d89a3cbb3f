package dev.concert.automations.schedule;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/**
 * A part of each day, by the clock on the wall; it may go over midnight.
 *
 * @param from the first moment that is quiet
 * @param to the first moment that is not
 */
public record QuietHours(LocalTime from, LocalTime to, ZoneId zone) {

  /**
   * Reads {@code 22:00-07:00}.
   *
   * @throws ScheduleException when both times are the same
   */
  static QuietHours parse(String text, ZoneId zone) {
    String[] parts = text.split("-");
    QuietHours hours = new QuietHours(LocalTime.parse(parts[0]), LocalTime.parse(parts[1]), zone);
    if (hours.from.equals(hours.to)) {
      throw new ScheduleException("Quiet hours end at another time than they begin.");
    }
    return hours;
  }

  public boolean contains(Instant instant) {
    LocalTime time = instant.atZone(zone).toLocalTime();
    boolean isAfterFrom = !time.isBefore(from);
    boolean isBeforeTo = time.isBefore(to);
    return from.isBefore(to) ? isAfterFrom && isBeforeTo : isAfterFrom || isBeforeTo;
  }

  /** Such as "22:00 to 07:00 in Europe/Berlin". */
  @Override
  public String toString() {
    return "%s to %s in %s".formatted(from, to, zone);
  }
}
