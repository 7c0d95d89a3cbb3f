package dev.concert.automations.schedule;

import dev.concert.automation.AutomationTrigger;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;

/** Makes schedules of triggers. */
public final class Schedules {
  private Schedules() {}

  /**
   * The schedule of a trigger; empty where only a person starts it.
   *
   * @param anchor from which intervals count
   * @throws ScheduleException when the trigger cannot be read
   */
  public static Optional<Schedule> of(AutomationTrigger trigger, Instant anchor) {
    return switch (trigger.kind()) {
      case CRON -> Optional.of(CronSchedule.parse(trigger.expression(), zone(trigger.zone())));
      case INTERVAL -> Optional.of(IntervalSchedule.parse(trigger.expression(), anchor));
      case ONCE -> Optional.of(OnceSchedule.parse(trigger.expression(), zone(trigger.zone())));
      case RRULE -> Optional.of(RecurrenceSchedule.parse(trigger.expression()));
      case MANUAL -> Optional.empty();
    };
  }

  /** The zone in which the times of a trigger are shown. */
  public static ZoneId shownIn(AutomationTrigger trigger) {
    return switch (trigger.kind()) {
      case CRON, ONCE -> zone(trigger.zone());
      case RRULE -> RecurrenceSchedule.parse(trigger.expression()).zone();
      case INTERVAL, MANUAL ->
          trigger.zone() == null || trigger.zone().isBlank()
              ? ZoneOffset.UTC
              : zone(trigger.zone());
    };
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ScheduleException(
          "There is no zone '%s'. Name one like Europe/Berlin or America/New_York.".formatted(name),
          e);
    }
  }
}
