package dev.concert.automation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Optional;

/**
 * When an automation is due.
 *
 * @param kind {@code cron}, {@code interval}, {@code once}, {@code rrule} or {@code manual}
 * @param expression five fields of cron; a duration such as {@code PT15M}; a time such as {@code
 *     2026-12-01T09:00}; a start and a rule of RFC 5545; null for manual
 * @param zone of a cron expression or a time, such as {@code Europe/Berlin}; null for the others
 */
public record AutomationTrigger(Kind kind, String expression, String zone) {
  private static final int MAX_EXPRESSION = 1000;

  /** The kinds, by their names in JSON. */
  public enum Kind {
    CRON,
    INTERVAL,
    ONCE,
    RRULE,
    MANUAL;

    /** Its name in JSON. */
    @JsonValue
    public String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What is wrong besides the expression, if anything. */
  public Optional<String> fault() {
    if (kind == null) {
      return Optional.of("'trigger.kind' is missing");
    }
    if (kind != Kind.MANUAL && (expression == null || expression.isBlank())) {
      return Optional.of("'trigger.expression' is missing");
    }
    if (expression != null && expression.length() > MAX_EXPRESSION) {
      return Optional.of("'trigger.expression' has more than 1000 characters");
    }
    if ((kind == Kind.CRON || kind == Kind.ONCE) && (zone == null || zone.isBlank())) {
      return Optional.of("'trigger.zone' is missing, for example Europe/Berlin");
    }
    return Optional.empty();
  }
}
