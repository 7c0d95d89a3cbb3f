package dev.concert.automations.schedule;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dmfs.rfc5545.DateTime;
import org.dmfs.rfc5545.recur.InvalidRecurrenceRuleException;
import org.dmfs.rfc5545.recur.RecurrenceRule;
import org.dmfs.rfc5545.recur.RecurrenceRuleIterator;

/**
 * A recurrence rule of RFC 5545 with its start, whose zone is required: {@code
 * DTSTART;TZID=Europe/Warsaw:20260301T090000}, a line break, {@code RRULE:FREQ=DAILY}. Local times
 * mean the instants that {@link ZoneClock} says.
 */
public final class RecurrenceSchedule implements Schedule {
  private static final Pattern START =
      Pattern.compile("DTSTART;TZID=([^:;]+):(\\d{8}T\\d{6})", Pattern.CASE_INSENSITIVE);
  private static final Pattern RULE = Pattern.compile("RRULE:(\\S+)", Pattern.CASE_INSENSITIVE);

  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withResolverStyle(ResolverStyle.STRICT);

  /** More due times than any rule that is of use has before the one that is asked for. */
  private static final int LONGEST_SEARCH = 2_000_000;

  private final RecurrenceRule rule;
  private final DateTime start;
  private final ZoneClock clock;
  private final Instant until;

  private RecurrenceSchedule(RecurrenceRule rule, DateTime start, ZoneClock clock) {
    this.clock = clock;
    this.start = start;
    this.until =
        rule.getUntil() == null ? Instant.MAX : Instant.ofEpochMilli(until(rule.getUntil(), clock));
    this.rule = rule;
    if (rule.getUntil() != null) {
      // The end is compared here, since a rule without a zone takes no end with one.
      rule.setUntil(null);
    }
  }

  private static long until(DateTime until, ZoneClock clock) {
    return until.isFloating() ? clock.instant(local(until)).toEpochMilli() : until.getTimestamp();
  }

  /**
   * @throws ScheduleException when it cannot be read, has no zone, or comes more often than once a
   *     minute
   */
  public static RecurrenceSchedule parse(String text) {
    Matcher start = START.matcher(text);
    Matcher rule = RULE.matcher(text);
    if (!start.find()) {
      throw new ScheduleException(
          "A recurrence rule needs its start with a zone:"
              + " DTSTART;TZID=Europe/Berlin:20260301T090000");
    }
    if (!rule.find()) {
      throw new ScheduleException("A recurrence rule needs a line like RRULE:FREQ=DAILY");
    }
    try {
      RecurrenceRule parsed =
          new RecurrenceRule(rule.group(1), RecurrenceRule.RfcMode.RFC5545_STRICT);
      if (parsed.getFreq().name().equals("SECONDLY")) {
        throw new ScheduleException("An automation runs at most once a minute.");
      }
      return new RecurrenceSchedule(
          parsed, start(start.group(2)), new ZoneClock(zone(start.group(1))));
    } catch (InvalidRecurrenceRuleException | IllegalArgumentException e) {
      throw new ScheduleException(
          "'%s' is no recurrence rule of RFC 5545.".formatted(rule.group(1)), e);
    }
  }

  private static DateTime start(String text) {
    try {
      // lib-recur takes a thirteenth month for one of the next year.
      LocalDateTime.parse(text, LOCAL);
      return DateTime.parse(text);
    } catch (DateTimeException e) {
      throw new ScheduleException("'%s' is no time of a recurrence rule.".formatted(text), e);
    }
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw new ScheduleException("There is no zone '%s'.".formatted(name), e);
    }
  }

  /** The zone of its times. */
  ZoneId zone() {
    return clock.zone();
  }

  @Override
  public Optional<Instant> next(Instant after) {
    RecurrenceRuleIterator due = rule.iterator(start);
    if (rule.getCount() == null) {
      // Local time is at most a day away from any instant's.
      LocalDateTime from = clock.local(after).minusDays(2);
      due.fastForward(
          new DateTime(from.getYear(), from.getMonthValue() - 1, from.getDayOfMonth(), 0, 0, 0));
    }
    for (int i = 0; i < LONGEST_SEARCH && due.hasNext(); i++) {
      Instant instant = clock.instant(local(due.nextDateTime()));
      if (instant.isAfter(until)) {
        return Optional.empty();
      }
      if (instant.isAfter(after)) {
        return Optional.of(instant);
      }
    }
    return Optional.empty();
  }

  private static LocalDateTime local(DateTime time) {
    return LocalDateTime.of(
        time.getYear(),
        time.getMonth() + 1,
        time.getDayOfMonth(),
        time.getHours(),
        time.getMinutes(),
        time.getSeconds());
  }

  @Override
  public String description() {
    return rule + ", " + clock.zone();
  }

  @Override
  public String toString() {
    return "DTSTART;TZID=" + clock.zone() + ":" + start + "\nRRULE:" + rule;
  }
}
