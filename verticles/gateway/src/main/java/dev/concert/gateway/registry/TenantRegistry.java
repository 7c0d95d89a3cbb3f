package dev.concert.gateway.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.json.Json;
import dev.concert.protocol.Identity;
import dev.concert.protocol.SessionMeta;
import dev.concert.protocol.SessionState;
import dev.concert.protocol.SessionVisibility;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One tenant's {@code registry.db}. It holds the sessions of its tenant and no others: that keeps
 * tenants apart.
 */
record TenantRegistry(String tenantId, JdbcDatabase database) {

  Future<Void> insert(SessionMeta session) {
    return insert(session, false);
  }

  /** As one whose deletion was begun: it is not found, and the next start removes it. */
  Future<Void> insertHidden(SessionMeta session) {
    return insert(session, true);
  }

  private Future<Void> insert(SessionMeta session, boolean hidden) {
    return database
        .update(
            "INSERT INTO sessions (id, name, agent_type, model, project_id, metadata, state,"
                + " archived, created_by, created_at, updated_at, last_seq, visibility, deleting)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            Tuple.tuple()
                .addString(session.id())
                .addString(session.name())
                .addString(session.agentType())
                .addString(session.model())
                .addString(session.projectId())
                .addString(session.metadata() == null ? null : session.metadata().toString())
                .addString(session.state().wireName())
                .addBoolean(session.archived())
                .addString(session.createdBy())
                .addLong(session.createdAt())
                .addLong(session.updatedAt())
                .addLong(session.lastSeq())
                .addString(session.visibility().wireName())
                .addBoolean(hidden))
        .mapEmpty();
  }

  Future<Void> update(SessionMeta session) {
    return database
        .update(
            "UPDATE sessions SET name = ?, state = ?, archived = ?, updated_at = ?, last_seq = ?,"
                + " visibility = ? WHERE id = ?",
            Tuple.of(
                session.name(),
                session.state().wireName(),
                session.archived(),
                session.updatedAt(),
                session.lastSeq(),
                session.visibility().wireName(),
                session.id()))
        .mapEmpty();
  }

  Future<Optional<SessionMeta>> find(String sessionId) {
    return database
        .query("SELECT * FROM sessions WHERE id = ? AND deleting = 0", Tuple.of(sessionId))
        .map(rows -> sessions(rows).stream().findFirst());
  }

  /** Newest first, as far as who asks may see them. */
  Future<List<SessionMeta>> list(
      Identity who, boolean includeArchived, Optional<Cursor> after, int limit) {
    SessionAccess.Condition visible = SessionAccess.condition(who);
    return database
        .query(
            "SELECT * FROM sessions WHERE "
                + visible.sql()
                + " AND deleting = 0 AND archived <= ? AND (created_at, id) < (?,"
                + " ?) ORDER BY created_at DESC, id DESC LIMIT ?",
            visible
                .parameters()
                .addBoolean(includeArchived)
                .addLong(after.map(Cursor::createdAt).orElse(Long.MAX_VALUE))
                .addString(after.map(Cursor::id).orElse(""))
                .addInteger(limit))
        .map(this::sessions);
  }

  /** Sessions that an earlier process left in another state than inactive. */
  Future<List<SessionMeta>> active() {
    return database
        .query("SELECT * FROM sessions WHERE state <> 'inactive' AND deleting = 0", Tuple.tuple())
        .map(this::sessions);
  }

  Future<List<SessionMeta>> all() {
    return database
        .query("SELECT * FROM sessions WHERE deleting = 0", Tuple.tuple())
        .map(this::sessions);
  }

  Future<Boolean> hasSessions() {
    return database
        .query("SELECT 1 FROM sessions LIMIT 1", Tuple.tuple())
        .map(rows -> rows.size() > 0);
  }

  Future<Void> reveal(SessionMeta session) {
    return database
        .update(
            "UPDATE sessions SET deleting = 0, last_seq = ? WHERE id = ?",
            Tuple.of(session.lastSeq(), session.id()))
        .mapEmpty();
  }

  /** From now on nobody finds the session; its row is there until everything else is gone. */
  Future<Void> markDeleted(String sessionId) {
    return database
        .update("UPDATE sessions SET deleting = 1 WHERE id = ?", Tuple.of(sessionId))
        .mapEmpty();
  }

  /** Sessions whose deletion was begun and not finished. */
  Future<List<SessionMeta>> deleting() {
    return database
        .query("SELECT * FROM sessions WHERE deleting = 1", Tuple.tuple())
        .map(this::sessions);
  }

  Future<Void> remove(String sessionId) {
    return database
        .update("DELETE FROM session_members WHERE session_id = ?", Tuple.of(sessionId))
        .compose(
            _ -> database.update("DELETE FROM rewinds WHERE session_id = ?", Tuple.of(sessionId)))
        .compose(
            _ -> database.update("DELETE FROM shares WHERE session_id = ?", Tuple.of(sessionId)))
        .compose(_ -> database.update("DELETE FROM sessions WHERE id = ?", Tuple.of(sessionId)))
        .mapEmpty();
  }

  private List<SessionMeta> sessions(RowSet<Row> rows) {
    List<SessionMeta> sessions = new ArrayList<>();
    for (Row row : rows) {
      sessions.add(session(row));
    }
    return sessions;
  }

  private SessionMeta session(Row row) {
    return new SessionMeta(
        row.getString("id"),
        tenantId,
        row.getString("name"),
        row.getString("agent_type"),
        row.getString("model"),
        row.getString("project_id"),
        SessionState.valueOf(row.getString("state").toUpperCase(Locale.ROOT)),
        row.getInteger("archived") != 0,
        row.getString("created_by"),
        row.getLong("created_at"),
        row.getLong("updated_at"),
        row.getLong("last_seq"),
        json(row.getString("metadata")),
        SessionVisibility.ofWireName(row.getString("visibility")));
  }

  private static JsonNode json(String text) {
    try {
      return text == null ? null : Json.MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A session's stored metadata is not JSON", e);
    }
  }
}
