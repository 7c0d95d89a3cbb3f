package dev.concert.ensemble.budget;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The period of a budget, in UTC. */
public enum BudgetPeriod {
  DAY("uuuu-MM-dd"),
  MONTH("uuuu-MM"),
  TOTAL("'total'");

  private final DateTimeFormatter name;

  BudgetPeriod(String pattern) {
    this.name = DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
  }

  /** When the period of an instant ends; empty: never. */
  public Optional<Instant> end(Instant instant) {
    LocalDate day = LocalDate.ofInstant(instant, ZoneOffset.UTC);
    return switch (this) {
      case DAY -> Optional.of(begin(day.plusDays(1)));
      case MONTH -> Optional.of(begin(day.withDayOfMonth(1).plusMonths(1)));
      case TOTAL -> Optional.empty();
    };
  }

  /** The names of the periods of an instant, one of each kind. */
  public static Set<String> allAt(Instant instant) {
    return Arrays.stream(values()).map(period -> period.at(instant)).collect(Collectors.toSet());
  }

  private static Instant begin(LocalDate day) {
    return day.atStartOfDay().toInstant(ZoneOffset.UTC);
  }

  /** The name of the period of an instant, such as {@code 2026-11} for a month; stable. */
  public String at(Instant instant) {
    return name.format(instant);
  }
}
