package dev.concert.foundation.secret;

import dev.concert.foundation.sqlite.SqliteDatabase;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Stores encrypted secrets by name in SQLite. Several processes may open the file with the same
 * master key. Thread-safe; every method blocks.
 */
public final class SecretStore implements AutoCloseable {
  private static final String SCHEMA =
      """
      CREATE TABLE secrets (
        name TEXT PRIMARY KEY, sealed BLOB NOT NULL, changed_ms INTEGER NOT NULL) STRICT;
      """;

  /**
   * Encrypted with the first secret, so that a wrong master key is detected even without other
   * secrets.
   */
  private static final String PROOF = "proof of the master key";

  private final SqliteDatabase database;
  private final MasterKey master;
  private final InstantSource clock;

  /**
   * Opens the file, or creates it.
   *
   * @param previous the master key before this one; its secrets are encrypted again with the new
   *     one, all or none
   * @throws WrongMasterKeyException if the secrets were encrypted with neither
   */
  public SecretStore(
      Path file, MasterKey master, Optional<MasterKey> previous, InstantSource clock) {
    this.database = SqliteDatabase.open(file, List.of(SCHEMA));
    this.master = master;
    this.clock = clock;
    try {
      database.write(connection -> prove(connection, file, previous));
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /** Stores a secret; replaces an older one with this name. */
  public void put(String name, String secret) {
    database.write(connection -> write(connection, name, secret));
  }

  /** Finds a secret. */
  public Optional<String> find(String name) {
    return database.read(connection -> sealed(connection, name)).map(bytes -> opened(name, bytes));
  }

  /** Returns false if there was none. */
  public boolean remove(String name) {
    return database.write(
        connection -> {
          try (PreparedStatement delete =
              connection.prepareStatement("DELETE FROM secrets WHERE name = ?")) {
            delete.setString(1, name);
            return delete.executeUpdate() == 1;
          }
        });
  }

  /** The time of each secret's last change. */
  public Map<String, Instant> names() {
    return database.read(
        connection -> {
          Map<String, Instant> names = new TreeMap<>();
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT name, changed_ms FROM secrets")) {
            while (row.next()) {
              names.put(row.getString(1), Instant.ofEpochMilli(row.getLong(2)));
            }
          }
          names.remove(PROOF);
          return names;
        });
  }

  @Override
  public void close() {
    database.close();
  }

  private Void prove(Connection connection, Path file, Optional<MasterKey> previous)
      throws SQLException {
    Optional<byte[]> proof = sealed(connection, PROOF);
    if (proof.isEmpty()) {
      return write(connection, PROOF, PROOF);
    }
    if (master.open(PROOF, proof.get()).isPresent()) {
      return null;
    }
    MasterKey old =
        previous
            .filter(key -> key.open(PROOF, proof.get()).isPresent())
            .orElseThrow(
                () ->
                    new WrongMasterKeyException(
                        "The secrets in %s were encrypted with another master key."
                            .formatted(file)));
    return sealAnew(connection, old);
  }

  private Void sealAnew(Connection connection, MasterKey old) throws SQLException {
    Map<String, String> secrets = new TreeMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT name, sealed FROM secrets")) {
      while (row.next()) {
        String name = row.getString(1);
        secrets.put(name, old.open(name, row.getBytes(2)).orElseThrow(() -> damaged(name)));
      }
    }
    try (PreparedStatement update =
        connection.prepareStatement("UPDATE secrets SET sealed = ? WHERE name = ?")) {
      for (Map.Entry<String, String> secret : secrets.entrySet()) {
        update.setBytes(1, master.seal(secret.getKey(), secret.getValue()));
        update.setString(2, secret.getKey());
        update.executeUpdate();
      }
    }
    return null;
  }

  private Void write(Connection connection, String name, String secret) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT OR REPLACE INTO secrets VALUES (?, ?, ?)")) {
      insert.setString(1, name);
      insert.setBytes(2, master.seal(name, secret));
      insert.setLong(3, clock.millis());
      insert.executeUpdate();
      return null;
    }
  }

  private static Optional<byte[]> sealed(Connection connection, String name) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT sealed FROM secrets WHERE name = ?")) {
      query.setString(1, name);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(row.getBytes(1)) : Optional.empty();
      }
    }
  }

  private String opened(String name, byte[] sealed) {
    return master.open(name, sealed).orElseThrow(() -> damaged(name));
  }

  private static IllegalArgumentException damaged(String name) {
    return new IllegalArgumentException(
        "Cannot decrypt the secret '%s': it was changed, or encrypted with another master key."
            .formatted(name));
  }
}
