package dev.concert.ensemble.ledger;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** By what calls are put together in a report. */
public enum UsageGrouping {
  MODEL(LedgerRow::model),
  PROVIDER(LedgerRow::provider),
  ENDPOINT(LedgerRow::endpoint),
  SESSION(LedgerRow::sessionId),
  FORM(LedgerRow::form),
  OUTCOME(LedgerRow::outcome),
  /** In UTC, by when it began. */
  DAY(row -> row.startedAt().substring(0, "2026-11-21".length())),
  MONTH(row -> row.startedAt().substring(0, "2026-11".length()));

  private final Function<LedgerRow, String> name;

  UsageGrouping(Function<LedgerRow, String> name) {
    this.name = name;
  }

  String of(LedgerRow row) {
    return name.apply(row);
  }

  /** Its name on the wire. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<UsageGrouping> of(String wire) {
    return Arrays.stream(values()).filter(one -> one.wire().equals(wire)).findFirst();
  }

  /** All names, for people. */
  public static String names() {
    return Arrays.stream(values()).map(UsageGrouping::wire).collect(Collectors.joining(", "));
  }
}
