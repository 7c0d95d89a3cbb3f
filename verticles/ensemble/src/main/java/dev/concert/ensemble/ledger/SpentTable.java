package dev.concert.ensemble.ledger;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.budget.Account;
import dev.concert.ensemble.budget.Period;
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
 * What keys and customers have spent in each period, added up with the rows it is the sum of: so
 * budgets hold over restarts without anybody reading all of the books. SQLite adds no decimals.
 *
 * <p>Not thread-safe: belongs to the writer.
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

  /** As it is in the file. */
  private final Map<Entry, BigDecimal> sums = new HashMap<>();

  /** What the transaction under way adds. */
  private final Map<Entry, BigDecimal> added = new HashMap<>();

  /**
   * What an account has spent in a period.
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

  /** Nobody but keys that were given out has a budget. */
  void add(String keyId, String customerId, Instant began, BigDecimal cost) {
    if (!keyId.startsWith(Caller.IssuedKey.PREFIX) || cost.signum() == 0) {
      return;
    }
    for (Account account :
        List.of(
            Account.ofKey(keyId, Optional.empty()),
            Account.ofCustomer(customerId, Optional.empty()))) {
      for (String period : Period.allAt(began)) {
        added.merge(new Entry(account.id(), period), cost, BigDecimal::add);
      }
    }
  }

  /** Writes what was added; to be the last of a transaction. */
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

  /** The transaction is durable. */
  void committed() {
    added.forEach((entry, amount) -> sums.merge(entry, amount, BigDecimal::add));
    added.clear();
  }

  /** The transaction came to nothing. */
  void rolledBack() {
    added.clear();
  }

  /** Forgets days and months that are over, of which budgets do not ask. */
  void keep(Connection connection, Instant now) throws SQLException {
    String current =
        Period.allAt(now).stream().map(name -> "'" + name + "'").collect(Collectors.joining(","));
    try (Statement statement = connection.createStatement()) {
      statement.execute("DELETE FROM spent WHERE period NOT IN (" + current + ")");
    }
  }
}
