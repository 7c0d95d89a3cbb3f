package dev.concert.automations.schedule;

import com.cronutils.descriptor.CronDescriptor;
import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A cron expression of five fields in a zone.
 *
 * <p>Where the clocks change, it keeps to the rule of Vixie's cron. An expression with a fixed time
 * (neither minutes nor hours begin with a star) is due once a day: a time that the clocks leave out
 * is due at the first instant after the gap, a time that they show twice is due the first time. Any
 * other expression is due whenever the clock on the wall shows a matching time.
 */
public final class CronSchedule implements Schedule {
  private final String expression;
  private final ZoneClock clock;
  private final Cron cron;
  private final CronFields fields;

  private CronSchedule(String expression, ZoneClock clock, Cron cron) {
    this.expression = expression;
    this.clock = clock;
    this.cron = cron;
    this.fields = CronFields.of(cron);
  }

  /**
   * @throws ScheduleException when the expression cannot be read, or is never due
   */
  public static CronSchedule parse(String expression, ZoneId zone) {
    // Its parser keeps what it has read, so it is not shared.
    CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
    CronSchedule schedule;
    try {
      schedule =
          new CronSchedule(
              expression.strip(), new ZoneClock(zone), parser.parse(expression).validate());
    } catch (IllegalArgumentException e) {
      throw new ScheduleException(
          "'%s' is no cron expression of five fields: minute, hour, day of month, month, day of week."
              .formatted(expression),
          e);
    }
    if (schedule.fields.firstFrom(LocalDateTime.of(2000, 1, 1, 0, 0)).isEmpty()) {
      throw new ScheduleException("'%s' is never due.".formatted(expression));
    }
    return schedule;
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return fields.fixedTime() ? nextFixed(after) : nextShown(after);
  }

  /** Each local time means one instant, and a later one never an earlier instant. */
  private Optional<Instant> nextFixed(Instant after) {
    // A local time before the one that is shown may mean a later instant: it is in the gap.
    LocalDateTime from = clock.local(after).minusDays(2);
    Optional<LocalDateTime> local = fields.firstFrom(from);
    while (local.isPresent()) {
      Instant due = clock.instant(local.get());
      if (due.isAfter(after)) {
        return Optional.of(due);
      }
      local = fields.firstFrom(local.get().plusMinutes(1));
    }
    return Optional.empty();
  }

  /** Between two changes of the clocks local time runs like any other. */
  private Optional<Instant> nextShown(Instant after) {
    Instant from = after;
    LocalDateTime local = clock.local(after).truncatedTo(ChronoUnit.MINUTES).plusMinutes(1);
    while (true) {
      Instant change = clock.nextChange(from);
      Optional<LocalDateTime> match = fields.firstFrom(local);
      if (match.isPresent()) {
        Instant due = match.get().toInstant(clock.offset(from));
        if (due.isBefore(change)) {
          return Optional.of(due);
        }
      }
      if (change.equals(Instant.MAX) || match.isEmpty()) {
        return Optional.empty();
      }
      from = change;
      local = firstMinute(change);
    }
  }

  private LocalDateTime firstMinute(Instant change) {
    LocalDateTime shown = clock.local(change);
    LocalDateTime minute = shown.truncatedTo(ChronoUnit.MINUTES);
    return minute.equals(shown) ? minute : minute.plusMinutes(1);
  }

  @Override
  public String description() {
    return CronDescriptor.instance(Locale.ENGLISH).describe(cron) + ", " + clock.zone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CronSchedule schedule
        && schedule.expression.equals(expression)
        && schedule.clock.equals(clock);
  }

  @Override
  public int hashCode() {
    return Objects.hash(expression, clock);
  }

  @Override
  public String toString() {
    return expression + " " + clock.zone();
  }
}
