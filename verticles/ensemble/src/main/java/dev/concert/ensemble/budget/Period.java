package dev.concert.ensemble.budget;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** How long a budget lasts before it begins anew, in UTC. */
public enum Period {
  DAY("uuuu-MM-dd"),
  MONTH("uuuu-MM"),
  TOTAL("'total'");

  private final DateTimeFormatter name;

  Period(String pattern) {
    this.name = DateTimeFormatter.ofPattern(pattern).withZone(ZoneOffset.UTC);
  }

  /** The name of the period an instant is in, such as {@code 2026-11} for a month; stable. */
  public String at(Instant instant) {
    return name.format(instant);
  }
}
