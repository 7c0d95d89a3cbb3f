package dev.concert.ensemble.key;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.access.FreshToken;
import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.budget.Budget;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.sqlite.SqlFunction;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Keys and customers in SQLite; keys only as their SHA-256.
 *
 * <p>Several processes may have the file open. Thread-safe; every method blocks.
 */
public final class KeyStore implements AutoCloseable {
  private static final int PREFIX_LENGTH = 12;

  private final SqliteDatabase database;
  private final Clock clock;
  private final FreshToken tokens = new FreshToken();

  public KeyStore(Path file, Clock clock) {
    this.database = SqliteDatabase.open(file, List.of(KeyRows.SCHEMA));
    this.clock = clock;
  }

  public Customer addCustomer(String name, String email, Optional<Budget> budget) {
    Customer customer = new Customer("cus_" + UUID.randomUUID(), name, email, budget, now());
    return changing(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement("INSERT INTO customers VALUES (?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, customer.id());
            insert.setString(2, name);
            insert.setString(3, email);
            KeyRows.budget(insert, 4, budget);
            insert.setLong(6, customer.createdAt().toEpochMilli());
            insert.executeUpdate();
            return customer;
          }
        });
  }

  /**
   * A fresh key.
   *
   * @throws ConcertException {@code INVALID_MESSAGE} when there is no such customer
   */
  public NewKey addKey(String customerId, KeySettings settings) {
    String secret = tokens.next();
    ApiKey key =
        new ApiKey(
            Caller.IssuedKey.PREFIX + UUID.randomUUID(),
            customerId,
            secret.substring(0, PREFIX_LENGTH),
            settings,
            ApiKey.Status.ENABLED,
            now());
    return changing(
        connection -> {
          requireCustomer(connection, customerId);
          insert(connection, key, TokenHash.of(secret));
          return new NewKey(secret, key);
        });
  }

  /** Changes a customer; empty when there is none with this id. */
  public Optional<Customer> configureCustomer(
      String customerId, String name, String email, Optional<Budget> budget) {
    return changing(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE customers SET name = ?, email = ?, budget = ?, budget_period = ?"
                      + " WHERE id = ?")) {
            update.setString(1, name);
            update.setString(2, email);
            KeyRows.budget(update, 3, budget);
            update.setString(5, customerId);
            update.executeUpdate();
          }
          return customers(connection).stream()
              .filter(customer -> customer.id().equals(customerId))
              .findFirst();
        });
  }

  /**
   * Changes what a key may do; empty when there is none with this id.
   *
   * @param change given what it may do now; what it throws changes nothing
   */
  public Optional<ApiKey> configure(String keyId, UnaryOperator<KeySettings> change) {
    return changing(
        connection -> {
          Optional<ApiKey> before = find(connection, keyId);
          if (before.isEmpty()) {
            return before;
          }
          KeySettings settings = change.apply(before.get().settings());
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE keys SET name = ?, allowed_models = ?, rpm = ?, tpm = ?, budget = ?,"
                      + " budget_period = ? WHERE id = ?")) {
            KeyRows.settings(update, 1, settings);
            update.setString(7, keyId);
            update.executeUpdate();
          }
          return find(connection, keyId);
        });
  }

  /**
   * Enables, disables or revokes a key; empty when there is none with this id.
   *
   * @throws ConcertException {@code FORBIDDEN} when it was revoked before: that is for ever
   */
  public Optional<ApiKey> set(String keyId, ApiKey.Status status) {
    return changing(
        connection -> {
          Optional<ApiKey> before = find(connection, keyId);
          if (before.isPresent()
              && before.get().status() == ApiKey.Status.REVOKED
              && status != ApiKey.Status.REVOKED) {
            throw new ConcertException(
                ErrorCode.FORBIDDEN, "The key was revoked, which is for ever; make a new one.");
          }
          try (PreparedStatement update =
              connection.prepareStatement("UPDATE keys SET status = ? WHERE id = ?")) {
            update.setString(1, status.name());
            update.setString(2, keyId);
            update.executeUpdate();
          }
          return find(connection, keyId);
        });
  }

  public Optional<ApiKey> key(String keyId) {
    return database.read(connection -> find(connection, keyId));
  }

  public List<ApiKey> keys() {
    return database.read(
        connection -> {
          List<ApiKey> keys = new ArrayList<>();
          try (Statement statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery("SELECT * FROM keys ORDER BY created_ms, id")) {
            while (row.next()) {
              keys.add(KeyRows.key(row));
            }
          }
          return keys;
        });
  }

  public List<Customer> customers() {
    return database.read(KeyStore::customers);
  }

  /** Counts up with every change, by whichever process. */
  long changes() {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT number FROM changes")) {
            return row.getLong(1);
          }
        });
  }

  /** The keys that may be used now, by their hash, with their customers. */
  Map<TokenHash, KeyDirectory.Entry> usable() {
    return database.read(
        connection -> {
          Map<String, Customer> customers = new HashMap<>();
          customers(connection).forEach(customer -> customers.put(customer.id(), customer));
          Map<TokenHash, KeyDirectory.Entry> keys = new HashMap<>();
          try (Statement statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery("SELECT * FROM keys WHERE status = 'ENABLED'")) {
            while (row.next()) {
              ApiKey key = KeyRows.key(row);
              keys.put(
                  new TokenHash(row.getString("hash")),
                  new KeyDirectory.Entry(key, customers.get(key.customerId())));
            }
          }
          return keys;
        });
  }

  @Override
  public void close() {
    database.close();
  }

  private static List<Customer> customers(Connection connection) throws SQLException {
    List<Customer> customers = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM customers ORDER BY created_ms, id")) {
      while (row.next()) {
        customers.add(KeyRows.customer(row));
      }
    }
    return customers;
  }

  private static void requireCustomer(Connection connection, String id) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT 1 FROM customers WHERE id = ?")) {
      query.setString(1, id);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          throw new ConcertException(
              ErrorCode.INVALID_MESSAGE, "customer_id: there is no such customer.");
        }
      }
    }
  }

  private static void insert(Connection connection, ApiKey key, TokenHash hash)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO keys (id, customer_id, hash, prefix, name, allowed_models, rpm, tpm,"
                + " budget, budget_period, status, created_ms)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, key.id());
      insert.setString(2, key.customerId());
      insert.setString(3, hash.hex());
      insert.setString(4, key.prefix());
      KeyRows.settings(insert, 5, key.settings());
      insert.setString(11, key.status().name());
      insert.setLong(12, key.createdAt().toEpochMilli());
      insert.executeUpdate();
    }
  }

  private static Optional<ApiKey> find(Connection connection, String id) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement("SELECT * FROM keys WHERE id = ?")) {
      query.setString(1, id);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(KeyRows.key(row)) : Optional.empty();
      }
    }
  }

  private <T> T changing(SqlFunction<T> change) {
    return database.write(
        connection -> {
          T result = change.apply(connection);
          try (Statement statement = connection.createStatement()) {
            statement.execute("UPDATE changes SET number = number + 1");
          }
          return result;
        });
  }

  private Instant now() {
    return Instant.ofEpochMilli(clock.millis());
  }
}
