package dev.concert.ensemble.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.exchange.ExchangedRecords;
import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Files and batches, as nodes exchange them. A deleted one is {@code REVOKED}. */
public final class ObjectRecords implements ExchangedRecords {
  /**
   * {@code home} is the node that has made it, or that has taken it over. {@code sent} is 0 while
   * other nodes do not know of the last change.
   */
  static final String SCHEMA =
      """
      ALTER TABLE objects ADD COLUMN made_ms INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE objects ADD COLUMN home TEXT NOT NULL DEFAULT '';
      ALTER TABLE objects ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
      ALTER TABLE objects ADD COLUMN deleted INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE objects ADD COLUMN sent INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX unsent_objects ON objects (seq) WHERE sent = 0;
      """;

  private static final String DELETED = "REVOKED";
  private static final List<String> TEXTS =
      List.of("owner", "customer", "kind", "id", "endpoint", "api", "body", "plan", "home");
  private static final List<String> NUMBERS = List.of("settled", "made_ms", "revision");

  private static final String TAKE =
      "INSERT INTO objects (owner, customer, kind, id, endpoint, api, body, plan, home, settled,"
          + " made_ms, revision, deleted, sent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)"
          + " ON CONFLICT (owner, kind, id) DO UPDATE SET body = excluded.body,"
          + " plan = excluded.plan, home = excluded.home, settled = excluded.settled,"
          + " revision = excluded.revision,"
          + " deleted = excluded.deleted, sent = 1";

  private final SqliteDatabase database;

  ObjectRecords(SqliteDatabase database) {
    this.database = database;
  }

  @Override
  public Map<String, String> unsent() {
    return database.read(
        connection -> {
          Map<String, String> records = new LinkedHashMap<>();
          try (PreparedStatement select =
                  connection.prepareStatement("SELECT * FROM objects WHERE sent = 0 ORDER BY seq");
              ResultSet row = select.executeQuery()) {
            while (row.next()) {
              records.put(
                  row.getString("owner") + ' ' + row.getString("kind") + ' ' + row.getString("id"),
                  record(row));
            }
          }
          return records;
        });
  }

  private static String record(ResultSet row) throws SQLException {
    ObjectNode record = Json.MAPPER.createObjectNode();
    for (String text : TEXTS) {
      record.put(text, row.getString(text));
    }
    for (String number : NUMBERS) {
      record.put(number, row.getLong(number));
    }
    return record.put("status", row.getInt("deleted") == 1 ? DELETED : "KEPT").toString();
  }

  @Override
  public void sent(Map<String, String> records) {
    each(
        records.values(),
        "UPDATE objects SET sent = 1 WHERE owner = ? AND kind = ? AND id = ? AND revision = ?",
        (record, update) -> {
          identify(record, update);
          update.setLong(4, record.path("revision").asLong());
          update.executeUpdate();
        });
  }

  @Override
  public void forgotten() {
    each(List.of("{}"), "UPDATE objects SET sent = 0", (none, update) -> update.executeUpdate());
  }

  @Override
  public void take(List<String> records, boolean forced) {
    each(
        records,
        TAKE,
        (record, insert) -> {
          if (isNewer(insert.getConnection(), record, forced)) {
            int at = 1;
            for (String text : TEXTS) {
              insert.setString(
                  at++, record.path(text).isNull() ? null : record.path(text).asText());
            }
            for (String number : NUMBERS) {
              insert.setLong(at++, record.path(number).asLong());
            }
            insert.setInt(at, isDeleted(record) ? 1 : 0);
            insert.executeUpdate();
          }
        });
  }

  private static boolean isDeleted(JsonNode record) {
    return record.path("status").asText().equals(DELETED);
  }

  private static boolean isNewer(Connection connection, JsonNode record, boolean forced)
      throws SQLException {
    try (PreparedStatement select =
        connection.prepareStatement(
            "SELECT revision, deleted FROM objects WHERE owner = ? AND kind = ? AND id = ?")) {
      identify(record, select);
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          return true;
        }
        boolean gone = row.getInt("deleted") == 1;
        return isDeleted(record) && !gone
            || isDeleted(record) == gone
                && (forced || record.path("revision").asLong() > row.getLong("revision"));
      }
    }
  }

  private static void identify(JsonNode record, PreparedStatement statement) throws SQLException {
    statement.setString(1, record.path("owner").asText());
    statement.setString(2, record.path("kind").asText());
    statement.setString(3, record.path("id").asText());
  }

  private interface Change {
    void with(JsonNode record, PreparedStatement statement) throws SQLException;
  }

  private void each(Collection<String> records, String sql, Change change) {
    database.write(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (String record : records) {
              change.with(Json.MAPPER.readTree(record), statement);
            }
            return null;
          } catch (JsonProcessingException e) {
            throw new IllegalStateException("A record of files and batches is not JSON", e);
          }
        });
  }
}
