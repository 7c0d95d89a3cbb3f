package dev.concert.gateway.billing;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the rows of {@code billing.db}. */
final class LedgerRows {
  private LedgerRows() {}

  static CreditAccount account(RowSet<Row> rows) {
    Row row = rows.iterator().next();
    return new CreditAccount(
        row.getInteger("billed") != 0,
        amount(row, "balance"),
        amount(row, "reserved"),
        amount(row, "owed"),
        new SpendingLimits(limit(row, "per_turn"), limit(row, "per_day"), limit(row, "per_month")));
  }

  static List<CreditReservation> reservations(RowSet<Row> rows) {
    List<CreditReservation> all = new ArrayList<>();
    for (Row row : rows) {
      all.add(
          new CreditReservation(
              row.getString("turn_id"),
              row.getString("session_id"),
              amount(row, "amount"),
              row.getLong("began")));
    }
    return all;
  }

  static List<CreditEntry> entries(RowSet<Row> rows) {
    List<CreditEntry> all = new ArrayList<>();
    for (Row row : rows) {
      all.add(
          new CreditEntry(
              row.getLong("id"),
              row.getLong("at"),
              CreditEntry.Kind.of(row.getString("kind")),
              amount(row, "amount"),
              new CreditAccount(
                  true,
                  amount(row, "balance"),
                  amount(row, "reserved"),
                  amount(row, "owed"),
                  SpendingLimits.NONE),
              Optional.ofNullable(row.getString("turn_id")),
              Optional.ofNullable(row.getString("session_id")),
              Optional.ofNullable(row.getString("by"))));
    }
    return all;
  }

  private static BigDecimal amount(Row row, String column) {
    return new BigDecimal(row.getString(column));
  }

  private static Optional<BigDecimal> limit(Row row, String column) {
    return Optional.ofNullable(row.getString(column)).map(BigDecimal::new);
  }
}
