package dev.concert.ensemble.key;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The table of teams, and what keys have since there are teams. */
final class TeamRows {
  /**
   * A team has the columns of a key's settings. {@code model_budgets} is JSON. A replaced secret of
   * a key is valid until {@code ends_ms}; a key has one at most.
   */
  static final String SCHEMA =
      """
      CREATE TABLE teams (
        id TEXT PRIMARY KEY, customer_id TEXT NOT NULL REFERENCES customers (id),
        name TEXT NOT NULL, allowed_models TEXT NOT NULL, rpm INTEGER NOT NULL,
        tpm INTEGER NOT NULL, budget TEXT, budget_period TEXT, expires_ms INTEGER, team_id TEXT,
        model_budgets TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
      ALTER TABLE keys ADD COLUMN team_id TEXT REFERENCES teams (id);
      ALTER TABLE keys ADD COLUMN model_budgets TEXT NOT NULL DEFAULT '{}';
      CREATE TABLE replaced_secrets (
        key_id TEXT PRIMARY KEY REFERENCES keys (id), hash TEXT NOT NULL UNIQUE,
        ends_ms INTEGER NOT NULL) STRICT;
      """;

  /**
   * A deleted team is {@code REVOKED}, as a key is, and keeps its row: so that other nodes learn of
   * it, and none of them undoes it.
   */
  static final String DELETION =
      "ALTER TABLE teams ADD COLUMN status TEXT NOT NULL DEFAULT 'ENABLED';";

  private static final String LIVE = "SELECT * FROM teams WHERE status = 'ENABLED'";

  private static final String REVOKE_KEYS =
      "UPDATE keys SET status = 'REVOKED' WHERE status <> 'REVOKED' AND team_id IN";

  private TeamRows() {}

  static Team team(ResultSet row) throws SQLException {
    return new Team(
        row.getString("id"),
        row.getString("customer_id"),
        KeyRows.settings(row),
        Instant.ofEpochMilli(row.getLong("created_ms")));
  }

  static List<Team> all(Connection connection) throws SQLException {
    List<Team> teams = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(LIVE + " ORDER BY created_ms, id")) {
      while (row.next()) {
        teams.add(team(row));
      }
    }
    return teams;
  }

  static Optional<Team> find(Connection connection, String id) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(LIVE + " AND id = ?")) {
      query.setString(1, id);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? Optional.of(team(row)) : Optional.empty();
      }
    }
  }

  static void insert(Connection connection, Team team) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            "INSERT INTO teams (id, customer_id, name, allowed_models, rpm, tpm, budget,"
                + " budget_period, expires_ms, team_id, model_budgets, created_ms)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
      insert.setString(1, team.id());
      insert.setString(2, team.customerId());
      KeyRows.settings(insert, 3, team.settings());
      insert.setLong(12, team.createdAt().toEpochMilli());
      insert.executeUpdate();
    }
  }

  static void update(Connection connection, String id, KeySettings settings) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE teams SET " + KeyRows.SETTINGS_UPDATE + " WHERE id = ?")) {
      KeyRows.settings(update, 1, settings);
      update.setString(KeyRows.SETTINGS + 1, id);
      update.executeUpdate();
    }
  }

  /** Keys of the team that are not revoked. */
  static int keys(Connection connection, String id) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT COUNT(*) FROM keys WHERE status <> 'REVOKED' AND team_id = ?")) {
      query.setString(1, id);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  /** Deletes the team, and revokes its keys. */
  static void delete(Connection connection, String id) throws SQLException {
    try (PreparedStatement team =
            connection.prepareStatement("UPDATE teams SET status = 'REVOKED' WHERE id = ?");
        PreparedStatement keys = connection.prepareStatement(REVOKE_KEYS + " (?)")) {
      team.setString(1, id);
      team.executeUpdate();
      keys.setString(1, id);
      keys.executeUpdate();
    }
  }

  /** A key that one node has made while another has deleted its team is revoked. */
  static void revokeKeysOfDeleted(Connection connection) throws SQLException {
    try (Statement update = connection.createStatement()) {
      update.executeUpdate(REVOKE_KEYS + " (SELECT id FROM teams WHERE status = 'REVOKED')");
    }
  }
}
