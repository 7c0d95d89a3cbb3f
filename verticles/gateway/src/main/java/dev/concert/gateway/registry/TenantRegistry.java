package dev.concert.gateway.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Json;
import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One tenant's {@code registry.db}. A registry knows the sessions of its tenant and no others: that
 * is what keeps tenants apart. Blocking.
 */
final class TenantRegistry implements AutoCloseable {
  private final String tenantId;
  private final SqliteDatabase db;

  TenantRegistry(String tenantId, Path file) {
    this.tenantId = tenantId;
    this.db = SqliteDatabase.open(file, RegistrySchema.MIGRATIONS);
  }

  void insert(SessionMeta session) {
    db.write(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  "INSERT INTO sessions (id, name, agent_type, model, project_id, metadata, state,"
                      + " archived, created_by, created_at, updated_at, last_seq)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, session.id());
            insert.setString(2, session.name());
            insert.setString(3, session.agentType());
            insert.setString(4, session.model());
            insert.setString(5, session.projectId());
            insert.setString(6, session.metadata() == null ? null : session.metadata().toString());
            insert.setString(7, session.state().wireName());
            insert.setBoolean(8, session.archived());
            insert.setString(9, session.createdBy());
            insert.setLong(10, session.createdAt());
            insert.setLong(11, session.updatedAt());
            insert.setLong(12, session.lastSeq());
            return insert.executeUpdate();
          }
        });
  }

  void update(SessionMeta session) {
    db.write(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "UPDATE sessions SET name = ?, state = ?, archived = ?, updated_at = ?,"
                      + " last_seq = ? WHERE id = ?")) {
            update.setString(1, session.name());
            update.setString(2, session.state().wireName());
            update.setBoolean(3, session.archived());
            update.setLong(4, session.updatedAt());
            update.setLong(5, session.lastSeq());
            update.setString(6, session.id());
            return update.executeUpdate();
          }
        });
  }

  Optional<SessionMeta> find(String sessionId) {
    return db.read(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement("SELECT * FROM sessions WHERE id = ?")) {
            query.setString(1, sessionId);
            return read(query.executeQuery()).stream().findFirst();
          }
        });
  }

  /** Newest first; {@code after} is the last session of the page before. */
  List<SessionMeta> list(boolean includeArchived, Optional<Cursor> after, int limit) {
    return db.read(
        connection -> {
          try (PreparedStatement query =
              connection.prepareStatement(
                  "SELECT * FROM sessions WHERE archived <= ? AND (created_at, id) < (?, ?)"
                      + " ORDER BY created_at DESC, id DESC LIMIT ?")) {
            query.setBoolean(1, includeArchived);
            query.setLong(2, after.map(Cursor::createdAt).orElse(Long.MAX_VALUE));
            query.setString(3, after.map(Cursor::id).orElse(""));
            query.setInt(4, limit);
            return read(query.executeQuery());
          }
        });
  }

  /** Sessions that an earlier process left in another state than inactive. */
  List<SessionMeta> active() {
    return db.read(
        connection ->
            read(
                connection
                    .createStatement()
                    .executeQuery("SELECT * FROM sessions WHERE state <> 'inactive'")));
  }

  private List<SessionMeta> read(ResultSet rows) throws SQLException {
    List<SessionMeta> sessions = new ArrayList<>();
    while (rows.next()) {
      sessions.add(
          new SessionMeta(
              rows.getString("id"),
              tenantId,
              rows.getString("name"),
              rows.getString("agent_type"),
              rows.getString("model"),
              rows.getString("project_id"),
              SessionState.valueOf(rows.getString("state").toUpperCase(Locale.ROOT)),
              rows.getBoolean("archived"),
              rows.getString("created_by"),
              rows.getLong("created_at"),
              rows.getLong("updated_at"),
              rows.getLong("last_seq"),
              json(rows.getString("metadata"))));
    }
    return sessions;
  }

  private static JsonNode json(String text) {
    try {
      return text == null ? null : Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A session's stored metadata is not JSON", e);
    }
  }

  @Override
  public void close() {
    db.close();
  }
}
