package dev.concert.ensemble.ledger;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.budget.BudgetAccount;
import dev.concert.ensemble.budget.BudgetPeriod;
import dev.concert.ensemble.model.Price;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The sums that keys and customers have spent in each period, updated in one transaction with the
 * calls. So budgets hold after a restart without a read of the whole ledger. Sums are made here
 * because SQLite cannot add decimals.
 *
 * <p>Not thread-safe: used by the writer only.
 */
final class SpentTable {
  static final String SCHEMA =
      """
      CREATE TABLE spent (
        account TEXT NOT NULL, period TEXT NOT NULL, amount TEXT NOT NULL,
        PRIMARY KEY (account, period)) STRICT, WITHOUT ROWID;
      """;

  private static final String UPSERT =
      "INSERT INTO spent VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET amount = excluded.amount";

  /** One account in one period. */
  private record Entry(String account, String period) {}

  /** The sums in the file. */
  private final Map<Entry, BigDecimal> sums = new HashMap<>();

  /** What the current transaction adds. */
  private final Map<Entry, BigDecimal> added = new HashMap<>();

  /**
   * The sum that an account has spent in a period.
   *
   * @param amount US dollars, exact
   */
  record Spent(String account, String period, BigDecimal amount) {}

  void load(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT account, period, amount FROM spent")) {
      while (row.next()) {
        sums.put(new Entry(row.getString(1), row.getString(2)), new BigDecimal(row.getString(3)));
      }
    }
  }

  List<Spent> all() {
    return sums.entrySet().stream()
        .map(each -> new Spent(each.getKey().account(), each.getKey().period(), each.getValue()))
        .toList();
  }

  /** The accounts of a call that an earlier version recorded; only issued keys have budgets. */
  static List<String> accounts(String keyId, String customerId) {
    return keyId.startsWith(Caller.IssuedKey.PREFIX)
        ? List.of(
            BudgetAccount.ofKey(keyId, Optional.empty()).id(),
            BudgetAccount.ofCustomer(customerId, Optional.empty()).id())
        : List.of();
  }

  /** Adds the cost of a call to each of its accounts. */
  void add(List<String> accounts, Instant began, BigDecimal cost) {
    if (cost.signum() == 0) {
      return;
    }
    for (String account : accounts) {
      for (String period : BudgetPeriod.allAt(began)) {
        added.merge(new Entry(account, period), cost, BigDecimal::add);
      }
    }
  }

  /** Writes what was added; call it last in a transaction. */
  void write(Connection connection, LedgerStatements statements) throws SQLException {
    if (added.isEmpty()) {
      return;
    }
    PreparedStatement upsert = statements.of(connection, UPSERT);
    for (Map.Entry<Entry, BigDecimal> each : added.entrySet()) {
      upsert.setString(1, each.getKey().account());
      upsert.setString(2, each.getKey().period());
      upsert.setString(
          3, Price.plain(sums.getOrDefault(each.getKey(), BigDecimal.ZERO).add(each.getValue())));
      upsert.executeUpdate();
    }
  }

  /** Applies what the committed transaction added. */
  void committed() {
    added.forEach((entry, amount) -> sums.merge(entry, amount, BigDecimal::add));
    added.clear();
  }

  /** Drops what the failed transaction added. */
  void rolledBack() {
    added.clear();
  }

  /** Deletes past days and months, which budgets do not need. */
  void keep(Connection connection, Instant now) throws SQLException {
    String current =
        BudgetPeriod.allAt(now).stream()
            .map(name -> "'" + name + "'")
            .collect(Collectors.joining(","));
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM spent WHERE period NOT IN (" + current + ")");
    }
  }
}
