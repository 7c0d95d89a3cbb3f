package dev.concert.automations.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A second implementation of cron, for the tests: it looks at each minute in turn, reads fields by
 * itself, and knows clock changes only as local times that are seen twice or never.
 */
final class MinuteScan {
  private final String[] fields;
  private final ZoneId zone;
  private final boolean fixed;

  MinuteScan(String expression, ZoneId zone) {
    this.fields = expression.split(" ");
    this.zone = zone;
    this.fixed = !fields[0].startsWith("*") && !fields[1].startsWith("*");
  }

  Optional<Instant> next(Instant from, int days) {
    // What is shown before the start counts as seen, so that a second showing is none.
    Instant begin = from.truncatedTo(ChronoUnit.SECONDS).minusSeconds(2 * 86_400);
    begin = begin.minusSeconds(LocalDateTime.ofInstant(begin, zone).getSecond());
    Set<LocalDateTime> seen = new HashSet<>();
    LocalDateTime before = LocalDateTime.ofInstant(begin, zone).minusMinutes(1);
    Instant end = from.plusSeconds(days * 86_400L);
    for (Instant at = begin; at.isBefore(end); at = at.plusSeconds(60)) {
      LocalDateTime shown = LocalDateTime.ofInstant(at, zone);
      boolean due = fixed ? isFixedDue(before, shown, seen) : matches(shown);
      if (fixed) {
        for (LocalDateTime one = before.plusMinutes(1);
            !one.isAfter(shown);
            one = one.plusMinutes(1)) {
          seen.add(one);
        }
      }
      before = shown;
      if (due && at.isAfter(from)) {
        return Optional.of(at);
      }
    }
    return Optional.empty();
  }

  /** Due when it or anything that was left out just before it matches for the first time. */
  private boolean isFixedDue(LocalDateTime before, LocalDateTime shown, Set<LocalDateTime> seen) {
    if (!shown.isAfter(before)) {
      return matches(shown) && !seen.contains(shown);
    }
    for (LocalDateTime one = before.plusMinutes(1); !one.isAfter(shown); one = one.plusMinutes(1)) {
      if (matches(one) && !seen.contains(one)) {
        return true;
      }
    }
    return false;
  }

  private boolean matches(LocalDateTime time) {
    if (!matches(fields[0], time.getMinute(), 0)
        || !matches(fields[1], time.getHour(), 0)
        || !matches(fields[3], time.getMonthValue(), 1)) {
      return false;
    }
    boolean ofMonth = matches(fields[2], time.getDayOfMonth(), 1);
    boolean ofWeek = matches(fields[4], time.getDayOfWeek().getValue() % 7, 0);
    return fields[2].startsWith("*") || fields[4].startsWith("*")
        ? ofMonth && ofWeek
        : ofMonth || ofWeek;
  }

  private static boolean matches(String field, int value, int min) {
    for (String part : field.split(",")) {
      if (part.equals("*")
          || part.startsWith("*/") && (value - min) % Integer.parseInt(part.substring(2)) == 0) {
        return true;
      }
      if (!part.startsWith("*")) {
        String[] range = part.split("-");
        if (value >= Integer.parseInt(range[0])
            && value <= Integer.parseInt(range[range.length - 1])) {
          return true;
        }
      }
    }
    return false;
  }
}
