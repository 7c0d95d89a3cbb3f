package dev.concert.ensemble.key;

import dev.concert.ensemble.access.Caller;
import dev.concert.ensemble.access.TokenGenerator;
import dev.concert.ensemble.access.TokenHash;
import dev.concert.ensemble.budget.Budget;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * Stores API keys and customers in SQLite; of a key only its SHA-256.
 *
 * <p>Several processes may open the file. Thread-safe; every method blocks.
 */
public final class KeyStore implements AutoCloseable {
  /** The longest time for which a replaced secret of a key remains valid. */
  public static final Duration LONGEST_OVERLAP = Duration.ofDays(7);

  private static final int PREFIX_LENGTH = 12;

  private final KeyDatabase database;
  private final TeamStore teams;
  private final TokenGenerator tokens = new TokenGenerator();

  public KeyStore(Path file, Clock clock) {
    this.database = new KeyDatabase(file, clock);
    this.teams = new TeamStore(database);
  }

  /** The teams, which are in the same file. */
  public TeamStore teams() {
    return teams;
  }

  public Customer addCustomer(String name, String email, Optional<Budget> budget) {
    Customer customer =
        new Customer("cus_" + UUID.randomUUID(), name, email, budget, database.now());
    return database.change(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO customers (id, name, email, budget, budget_period, created_ms)"
                      + " VALUES (?, ?, ?, ?, ?, ?)")) {
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
   * Creates an API key.
   *
   * @throws ConcertException {@code INVALID_MESSAGE} if there is no such customer
   */
  public CreatedKey addKey(String customerId, KeySettings settings) {
    String secret = tokens.next();
    ApiKey key =
        new ApiKey(
            Caller.IssuedKey.PREFIX + UUID.randomUUID(),
            customerId,
            secret.substring(0, PREFIX_LENGTH),
            settings,
            ApiKey.Status.ENABLED,
            database.now());
    return database.change(
        connection -> {
          KeyRows.requireCustomer(connection, customerId);
          KeyRows.requireTeam(connection, key);
          insert(connection, key, TokenHash.of(secret));
          return new CreatedKey(secret, key);
        });
  }

  /** Changes a customer; empty if there is none with this id. */
  public Optional<Customer> configureCustomer(
      String customerId, String name, String email, Optional<Budget> budget) {
    return database.change(
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
   * Changes the settings of a key; empty if there is none with this id.
   *
   * @param change receives the current settings; if it throws, nothing changes
   */
  public Optional<ApiKey> configure(String keyId, UnaryOperator<KeySettings> change) {
    return database.change(
        connection -> {
          Optional<ApiKey> before = find(connection, keyId);
          if (before.isEmpty()) {
            return before;
          }
          KeySettings settings = change.apply(before.get().settings());
          KeyRows.requireTeam(connection, before.get().with(settings));
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE keys SET " + KeyRows.SETTINGS_UPDATE + " WHERE id = ?")) {
            KeyRows.settings(update, 1, settings);
            update.setString(KeyRows.SETTINGS + 1, keyId);
            update.executeUpdate();
          }
          return find(connection, keyId);
        });
  }

  /**
   * Enables, disables or revokes a key; empty if there is none with this id.
   *
   * @throws ConcertException {@code FORBIDDEN} if it is revoked already, which is permanent
   */
  public Optional<ApiKey> set(String keyId, ApiKey.Status status) {
    return database.change(
        connection -> {
          Optional<ApiKey> before = find(connection, keyId);
          if (status != ApiKey.Status.REVOKED) {
            before.ifPresent(KeyStore::refuseRevoked);
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

  /**
   * Gives a key a new secret; empty if there is none with this id. The secret before it remains
   * valid for a while, and one that was replaced earlier ends.
   *
   * @param overlap how long the secret before remains valid, 0 to {@link #LONGEST_OVERLAP}
   * @throws ConcertException {@code FORBIDDEN} if the key is revoked
   */
  public Optional<CreatedKey> rotate(String keyId, Duration overlap) {
    if (overlap.isNegative() || overlap.compareTo(LONGEST_OVERLAP) > 0) {
      throw new ConcertException(
          ErrorCode.INVALID_MESSAGE,
          "overlap_seconds: must be from 0 to %d (a week).".formatted(LONGEST_OVERLAP.toSeconds()));
    }
    String secret = tokens.next();
    return database.change(
        connection -> {
          Optional<ApiKey> before = find(connection, keyId);
          if (before.isEmpty()) {
            return Optional.empty();
          }
          refuseRevoked(before.get());
          replace(connection, keyId, database.now().plus(overlap), secret);
          return find(connection, keyId).map(key -> new CreatedKey(secret, key));
        });
  }

  private static void replace(Connection connection, String keyId, Instant end, String secret)
      throws SQLException {
    try (PreparedStatement keep =
            connection.prepareStatement(
                "INSERT OR REPLACE INTO replaced_secrets"
                    + " SELECT id, hash, ? FROM keys WHERE id = ?");
        PreparedStatement update =
            connection.prepareStatement("UPDATE keys SET hash = ?, prefix = ? WHERE id = ?")) {
      keep.setLong(1, end.toEpochMilli());
      keep.setString(2, keyId);
      keep.executeUpdate();
      update.setString(1, TokenHash.of(secret).hex());
      update.setString(2, secret.substring(0, PREFIX_LENGTH));
      update.setString(3, keyId);
      update.executeUpdate();
    }
  }

  private static void refuseRevoked(ApiKey key) {
    if (key.status() == ApiKey.Status.REVOKED) {
      throw new ConcertException(
          ErrorCode.FORBIDDEN,
          "The key is revoked, and a revocation is permanent. Create a new key.");
    }
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

  /** All records that nodes exchange, by their ids. */
  Map<String, String> records() {
    return database.read(SharedRecords::all);
  }

  /** Takes records of other nodes; see {@link SharedRecords#apply}. */
  void take(List<String> records, boolean forced) {
    database.change(connection -> SharedRecords.apply(connection, records, forced));
  }

  /** See {@link KeyDatabase#counted}. */
  long counted() {
    return database.counted();
  }

  /** See {@link KeyDatabase#changes}. */
  long changes() {
    return database.changes();
  }

  /** The secrets of enabled keys by their hash, also those that were replaced lately. */
  Map<TokenHash, KeyDirectory.Secret> usable() {
    return database.read(
        connection -> {
          Map<String, Customer> customers = new HashMap<>();
          customers(connection).forEach(customer -> customers.put(customer.id(), customer));
          Map<String, Team> teams = new HashMap<>();
          TeamRows.all(connection).forEach(team -> teams.put(team.id(), team));
          Map<TokenHash, KeyDirectory.Secret> secrets = new HashMap<>();
          try (Statement statement = connection.createStatement();
              ResultSet row =
                  statement.executeQuery(
                      "SELECT keys.*, replaced_secrets.hash AS replaced, ends_ms FROM keys"
                          + " LEFT JOIN replaced_secrets ON key_id = id"
                          + " WHERE status = 'ENABLED' AND (team_id IS NULL OR team_id IN"
                          + " (SELECT id FROM teams WHERE teams.status = 'ENABLED'))")) {
            while (row.next()) {
              ApiKey key = KeyRows.key(row);
              KeyDirectory.Entry entry =
                  new KeyDirectory.Entry(
                      key, customers.get(key.customerId()), key.settings().team().map(teams::get));
              secrets.put(
                  new TokenHash(row.getString("hash")),
                  new KeyDirectory.Secret(entry, Optional.empty()));
              if (row.getString("replaced") != null) {
                secrets.put(
                    new TokenHash(row.getString("replaced")),
                    new KeyDirectory.Secret(
                        entry, Optional.of(Instant.ofEpochMilli(row.getLong("ends_ms")))));
              }
            }
          }
          return secrets;
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

  private static void insert(Connection connection, ApiKey key, TokenHash hash)
      throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO keys (id, customer_id, hash, prefix, name, allowed_models, rpm, tpm,"
                + " budget, budget_period, expires_ms, team_id, model_budgets, status, created_ms)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, key.id());
      insert.setString(2, key.customerId());
      insert.setString(3, hash.hex());
      insert.setString(4, key.prefix());
      KeyRows.settings(insert, 5, key.settings());
      insert.setString(14, key.status().name());
      insert.setLong(15, key.createdAt().toEpochMilli());
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

  /** Whether the key may be used at this moment, by its expiry. */
  boolean lives(ApiKey key) {
    return lives(key.settings().expiresAt());
  }

  /** Whether a secret may be used at this moment. */
  boolean lives(Optional<Instant> end) {
    return end.stream().allMatch(database.now()::isBefore);
  }
}
