package dev.concert.ensemble.key;

import dev.concert.ensemble.budget.Budget;
import dev.concert.ensemble.budget.Period;
import dev.concert.ensemble.limit.RateLimit;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** The schema of keys and customers, and how they lie in its rows. */
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

  /** No name of a model has a line break in it. */
  private static final String BETWEEN = "\n";

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
    String models = row.getString("allowed_models");
    return new ApiKey(
        row.getString("id"),
        row.getString("customer_id"),
        row.getString("prefix"),
        new KeySettings(
            row.getString("name"),
            models.isEmpty() ? Set.of() : Set.of(models.split(BETWEEN)),
            new RateLimit(row.getLong("rpm"), row.getLong("tpm")),
            budget(row)),
        ApiKey.Status.valueOf(row.getString("status")),
        Instant.ofEpochMilli(row.getLong("created_ms")));
  }

  /** Name, models, rpm, tpm, budget and its period, from the given place on. */
  static void settings(PreparedStatement statement, int from, KeySettings settings)
      throws SQLException {
    statement.setString(from, settings.name());
    statement.setString(from + 1, String.join(BETWEEN, settings.allowedModels()));
    statement.setLong(from + 2, settings.limit().requests());
    statement.setLong(from + 3, settings.limit().tokens());
    budget(statement, from + 4, settings.budget());
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
            new Budget(new BigDecimal(amount), Period.valueOf(row.getString("budget_period"))));
  }
}
