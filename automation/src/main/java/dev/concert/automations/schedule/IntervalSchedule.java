package dev.concert.automations.schedule;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Due each time that this much time has passed since the anchor. It counts elapsed time: a change
 * of the clocks moves nothing.
 *
 * @param anchor the first due time is one period after it
 */
public record IntervalSchedule(Instant anchor, Duration period) implements Schedule {
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofDays(366);

  /**
   * Reads a duration of ISO 8601, such as {@code PT15M} or {@code P1D}.
   *
   * @throws ScheduleException for anything else, and for less than a minute or more than a year
   */
  static IntervalSchedule parse(String text, Instant anchor) {
    Duration period;
    try {
      period = Duration.parse(text);
    } catch (DateTimeException e) {
      throw new ScheduleException(
          "'%s' is no duration. Write it like PT15M, PT2H or P1D.".formatted(text), e);
    }
    if (period.compareTo(SHORTEST) < 0 || period.compareTo(LONGEST) > 0) {
      throw new ScheduleException("An interval is from one minute (PT1M) to one year (P366D).");
    }
    return new IntervalSchedule(anchor, period);
  }

  @Override
  public Optional<Instant> next(Instant after) {
    long passed = Math.floorDiv(after.toEpochMilli() - anchor.toEpochMilli(), period.toMillis());
    return Optional.of(anchor.plusMillis(Math.max(1, passed + 1) * period.toMillis()));
  }

  @Override
  public String description() {
    long minutes = period.toMinutes();
    if (minutes % 1440 == 0) {
      return every(minutes / 1440, "day");
    }
    return minutes % 60 == 0 ? every(minutes / 60, "hour") : every(minutes, "minute");
  }

  private static String every(long count, String unit) {
    return count == 1 ? "every " + unit : "every %d %ss".formatted(count, unit);
  }
}
