package dev.concert.automations.schedule;

import dev.concert.automation.AutomationTrigger;
import java.nio.file.FileSystems;
import java.nio.file.PathMatcher;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.regex.PatternSyntaxException;

/** Makes schedules of triggers. */
public final class Schedules {
  private Schedules() {}

  /**
   * The schedule of a trigger; empty where a person or an event starts it.
   *
   * @param anchor from which intervals count
   * @throws ScheduleException when the trigger cannot be read
   */
  public static Optional<Schedule> of(AutomationTrigger trigger, Instant anchor) {
    return switch (trigger.kind()) {
      case CRON -> Optional.of(CronSchedule.parse(trigger.expression(), zone(trigger.zone())));
      case INTERVAL, HEARTBEAT -> Optional.of(IntervalSchedule.parse(trigger.expression(), anchor));
      case ONCE -> Optional.of(OnceSchedule.parse(trigger.expression(), zone(trigger.zone())));
      case RRULE -> Optional.of(RecurrenceSchedule.parse(trigger.expression()));
      case MANUAL, FILE, WEBHOOK, INBOX, AUTOMATION, CHAT, GITHUB, RULE -> Optional.empty();
    };
  }

  /**
   * One English phrase, such as "at 09:00 every day".
   *
   * @throws ScheduleException when the trigger cannot be read
   */
  public static String description(AutomationTrigger trigger, Instant anchor) {
    return of(trigger, anchor).map(Schedule::description).orElseGet(() -> ofEvent(trigger));
  }

  private static String ofEvent(AutomationTrigger trigger) {
    String choices = String.join(" or ", trigger.choices());
    return switch (trigger.kind()) {
      case FILE ->
          "when files like %s change in session %s"
              .formatted(trigger.expression(), trigger.source());
      case WEBHOOK -> "when somebody posts to its webhook";
      case INBOX ->
          "when %s comes into the inbox"
              .formatted(choices.isEmpty() ? "something" : "a " + choices);
      case AUTOMATION ->
          "when a run of %s %s"
              .formatted(
                  trigger.source(),
                  choices.equals("failed")
                      ? "fails"
                      : choices.equals("completed") ? "succeeds" : "ends");
      case CHAT -> "when a member writes a message that matches in a chat";
      case GITHUB -> "when this happens on GitHub: " + String.join(", ", trigger.github().events());
      case RULE -> "by the rule at " + trigger.expression();
      case MANUAL, CRON, INTERVAL, ONCE, RRULE, HEARTBEAT -> "when somebody starts it";
    };
  }

  /**
   * Reads a glob of files.
   *
   * @throws ScheduleException when it is none
   */
  public static PathMatcher glob(String text) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + text);
    } catch (PatternSyntaxException e) {
      throw new ScheduleException("'%s' is no glob. Write it like src/**.py.".formatted(text), e);
    }
  }

  /** When nothing may run; empty where it always may. */
  public static Optional<QuietHours> quietHours(AutomationTrigger trigger) {
    return Optional.ofNullable(trigger.quietHours())
        .map(text -> QuietHours.parse(text, zone(trigger.zone())));
  }

  /** The zone in which the times of a trigger are shown. */
  public static ZoneId shownIn(AutomationTrigger trigger) {
    return switch (trigger.kind()) {
      case CRON, ONCE -> zone(trigger.zone());
      case RRULE -> RecurrenceSchedule.parse(trigger.expression()).zone();
      case INTERVAL, HEARTBEAT, MANUAL, FILE, WEBHOOK, INBOX, AUTOMATION, CHAT, GITHUB, RULE ->
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
