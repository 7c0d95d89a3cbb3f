package dev.concert.ensemble.key;

import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.BudgetPeriod;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tables of keys and customers, and the mapping of their rows. */
final class KeyRows {
  static final String SCHEMA =
      """
      CREATE TABLE customers (
        id TEXT PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL,
        budget TEXT, budget_period TEXT, created_ms INTEGER NOT NULL) STRICT;
      CREATE TABLE keys (
        id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers (id),
        hash TEXT NOT NULL UNIQUE, prefix TEXT NOT NULL, name TEXT NOT NULL,
        allowed_models TEXT NOT NULL, rpm INTEGER NOT NULL, tpm INTEGER NOT NULL,
        budget TEXT, budget_period TEXT, status TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
      CREATE TABLE changes (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL) STRICT;
      INSERT INTO changes VALUES (1, 0);
      """;

  /** Milliseconds since the epoch; null for a key that does not expire. */
  static final String EXPIRY = "ALTER TABLE keys ADD COLUMN expires_ms INTEGER;";

  /** The number of columns that {@link #settings(PreparedStatement, int, KeySettings)} sets. */
  static final int SETTINGS = 9;

  static final String SETTINGS_UPDATE =
      "name = ?, allowed_models = ?, rpm = ?, tpm = ?, budget = ?, budget_period = ?,"
          + " expires_ms = ?, team_id = ?, model_budgets = ?";

  /** Model names contain no line break. */
  private static final String BETWEEN = "\n";

  private static final String ALL_MODELS = "";
  private static final String NO_MODEL = BETWEEN;

  private KeyRows() {}

  static Customer customer(ResultSet row) throws SQLException {
    return new Customer(
        row.getString("id"),
        row.getString("name"),
        row.getString("email"),
        budget(row),
        Instant.ofEpochMilli(row.getLong("created_ms")));
  }

  static ApiKey key(ResultSet row) throws SQLException {
    return new ApiKey(
        row.getString("id"),
        row.getString("customer_id"),
        row.getString("prefix"),
        settings(row),
        ApiKey.Status.valueOf(row.getString("status")),
        Instant.ofEpochMilli(row.getLong("created_ms")));
  }

  static KeySettings settings(ResultSet row) throws SQLException {
    String models = row.getString("allowed_models");
    return new KeySettings(
        row.getString("name"),
        models.equals(ALL_MODELS) ? Optional.empty() : Optional.of(Set.of(models.split(BETWEEN))),
        new RateLimit(row.getLong("rpm"), row.getLong("tpm")),
        budget(row),
        expiry(row),
        Optional.ofNullable(row.getString("team_id")),
        ModelBudgets.parse(row.getString("model_budgets")));
  }

  private static Optional<Instant> expiry(ResultSet row) throws SQLException {
    long end = row.getLong("expires_ms");
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(end));
  }

  /** Sets the columns of {@link #SETTINGS_UPDATE}, from the given index on. */
  static void settings(PreparedStatement statement, int from, KeySettings settings)
      throws SQLException {
    statement.setString(from, settings.name());
    statement.setString(from + 1, settings.allowedModels().map(KeyRows::joined).orElse(ALL_MODELS));
    statement.setLong(from + 2, settings.limit().requests());
    statement.setLong(from + 3, settings.limit().tokens());
    budget(statement, from + 4, settings.budget());
    statement.setObject(from + 6, settings.expiresAt().map(Instant::toEpochMilli).orElse(null));
    statement.setString(from + 7, settings.team().orElse(null));
    statement.setString(from + 8, ModelBudgets.json(settings.modelBudgets()));
  }

  static void requireCustomer(Connection connection, String id) throws SQLException {
    require(
        connection,
        "SELECT 1 FROM customers WHERE id = ?",
        List.of(id),
        "customer_id: there is no such customer.");
  }

  /** A key and its team have one customer. */
  static void requireTeam(Connection connection, ApiKey key) throws SQLException {
    if (key.settings().team().isPresent()) {
      require(
          connection,
          "SELECT 1 FROM teams WHERE id = ? AND customer_id = ? AND status = 'ENABLED'",
          List.of(key.settings().team().get(), key.customerId()),
          "team_id: the customer has no such team.");
    }
  }

  private static void require(
      Connection connection, String sql, List<String> parameters, String otherwise)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.size(); i++) {
        query.setString(i + 1, parameters.get(i));
      }
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new ConcertException(ErrorCode.INVALID_MESSAGE, otherwise);
        }
      }
    }
  }

  private static String joined(Set<String> models) {
    return models.isEmpty() ? NO_MODEL : String.join(BETWEEN, models);
  }

  static void budget(PreparedStatement statement, int from, Optional<Budget> budget)
      throws SQLException {
    statement.setString(from, budget.map(some -> some.amount().toPlainString()).orElse(null));
    statement.setString(from + 1, budget.map(some -> some.period().name()).orElse(null));
  }

  private static Optional<Budget> budget(ResultSet row) throws SQLException {
    String amount = row.getString("budget");
    return amount == null
        ? Optional.empty()
        : Optional.of(
            new Budget(
                new BigDecimal(amount), BudgetPeriod.valueOf(row.getString("budget_period"))));
  }
}
