package dev.concert.ensemble.ledger.report;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How a usage report groups calls. */
public enum UsageGroupBy {
  MODEL(LedgerRow::model),
  PROVIDER(LedgerRow::provider),
  ENDPOINT(LedgerRow::endpoint),
  KEY(LedgerRow::keyId),
  TEAM(LedgerRow::teamId),
  SESSION(LedgerRow::sessionId),
  FORM(LedgerRow::form),
  OUTCOME(LedgerRow::outcome),
  /** The UTC day on which the call began. */
  DAY(row -> row.startedAt().substring(0, "2026-11-21".length())),
  MONTH(row -> row.startedAt().substring(0, "2026-11".length()));

  private final Function<LedgerRow, String> name;

  UsageGroupBy(Function<LedgerRow, String> name) {
    this.name = name;
  }

  String of(LedgerRow row) {
    return name.apply(row);
  }

  /** Its name in a request. */
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  public static Optional<UsageGroupBy> of(String wire) {
    return Arrays.stream(values()).filter(one -> one.wire().equals(wire)).findFirst();
  }

  /** All names, for an error message. */
  public static String names() {
    return Arrays.stream(values()).map(UsageGroupBy::wire).collect(Collectors.joining(", "));
  }
}
