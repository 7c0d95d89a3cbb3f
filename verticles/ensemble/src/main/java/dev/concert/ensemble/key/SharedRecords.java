package dev.concert.ensemble.key;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.json.Json;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The rows of customers, teams and keys as records that nodes exchange: JSON with the columns, the
 * table, and a revision that each change raises. A record has no secret, only its hash.
 */
final class SharedRecords {
  /** Triggers raise the revision, so that no change can forget to. */
  static final String SCHEMA =
      List.of("customers", "teams", "keys").stream()
          .map(
              table ->
                  """
                  ALTER TABLE %1$s ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
                  CREATE TRIGGER %1$s_revision AFTER UPDATE ON %1$s
                  WHEN NEW.revision = OLD.revision
                  BEGIN UPDATE %1$s SET revision = OLD.revision + 1 WHERE id = NEW.id; END;
                  """
                      .formatted(table))
          .reduce("", String::concat);

  /** In the order in which rows refer to each other. */
  private static final List<String> TABLES = List.of("customers", "teams", "keys");

  private static final String TABLE = "table";
  private static final String REVISION = "revision";
  private static final String REPLACED = "replaced";
  private static final String ENDS = "replaced_ends_ms";

  private SharedRecords() {}

  /** All records by their ids. */
  static Map<String, String> all(Connection connection) throws SQLException {
    Map<String, String> records = new LinkedHashMap<>();
    for (String table : TABLES) {
      String sql =
          table.equals("keys")
              ? "SELECT keys.*, replaced_secrets.hash AS replaced, ends_ms AS replaced_ends_ms"
                  + " FROM keys LEFT JOIN replaced_secrets ON key_id = id"
              : "SELECT * FROM " + table;
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        while (row.next()) {
          records.put(row.getString("id"), record(table, row));
        }
      }
    }
    return records;
  }

  private static String record(String table, ResultSet row) throws SQLException {
    ObjectNode record = Json.MAPPER.createObjectNode().put(TABLE, table);
    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
      String column = row.getMetaData().getColumnLabel(i);
      switch (row.getObject(i)) {
        case null -> record.putNull(column);
        case Number number -> record.put(column, number.longValue());
        case Object text -> record.put(column, text.toString());
      }
    }
    return record.toString();
  }

  /**
   * Takes records of other nodes that are newer than the rows here.
   *
   * @param forced whether they win also where they are not newer; a revocation stays in any case
   * @return how many were taken
   */
  static int apply(Connection connection, List<String> records, boolean forced)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA defer_foreign_keys = ON");
    }
    int taken = 0;
    List<JsonNode> parsed = new ArrayList<>(records.stream().map(SharedRecords::parse).toList());
    parsed.removeIf(record -> !TABLES.contains(record.path(TABLE).asText()));
    parsed.sort(Comparator.comparingInt(record -> TABLES.indexOf(record.path(TABLE).asText())));
    for (JsonNode record : parsed) {
      if (isNewer(connection, record, forced)) {
        clearRevision(connection, record);
        put(connection, record);
        taken++;
      }
    }
    TeamRows.revokeKeysOfDeleted(connection);
    return taken;
  }

  private static JsonNode parse(String record) {
    try {
      return Json.MAPPER.readTree(record);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A record of keys in Redis is not JSON", e);
    }
  }

  private static boolean isNewer(Connection connection, JsonNode record, boolean forced)
      throws SQLException {
    String table = record.path(TABLE).asText();
    String status = table.equals("customers") ? "''" : "status";
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT revision, %s FROM %s WHERE id = ?".formatted(status, table))) {
      query.setString(1, record.path("id").asText());
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return true;
        }
        boolean ended = row.getString(2).equals(ApiKey.Status.REVOKED.name());
        boolean ends = record.path("status").asText().equals(ApiKey.Status.REVOKED.name());
        return ends && !ended
            || ends == ended && (forced || record.path(REVISION).asLong() > row.getLong(1));
      }
    }
  }

  /** So that the trigger does not take the revision of the record for one that was forgotten. */
  private static void clearRevision(Connection connection, JsonNode record) throws SQLException {
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE %s SET revision = 0 WHERE id = ?".formatted(record.path(TABLE).asText()))) {
      update.setString(1, record.path("id").asText());
      update.executeUpdate();
    }
  }

  private static void put(Connection connection, JsonNode record) throws SQLException {
    String table = record.path(TABLE).asText();
    Set<String> columns = columns(connection, table);
    columns.retainAll(new TreeSet<>(record.properties().stream().map(Map.Entry::getKey).toList()));
    String names = String.join(", ", columns);
    String sql =
        "INSERT INTO %s (%s) VALUES (%s) ON CONFLICT (id) DO UPDATE SET %s"
            .formatted(
                table,
                names,
                String.join(", ", columns.stream().map(column -> "?").toList()),
                String.join(
                    ", ",
                    columns.stream().map(column -> column + " = excluded." + column).toList()));
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      int at = 1;
      for (String column : columns) {
        insert.setObject(at++, value(record.path(column)));
      }
      insert.executeUpdate();
    }
    if (table.equals("keys")) {
      putReplaced(connection, record);
    }
  }

  private static void putReplaced(Connection connection, JsonNode key) throws SQLException {
    try (PreparedStatement delete =
            connection.prepareStatement("DELETE FROM replaced_secrets WHERE key_id = ?");
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO replaced_secrets VALUES (?, ?, ?)")) {
      delete.setString(1, key.path("id").asText());
      delete.executeUpdate();
      if (key.path(REPLACED).isTextual()) {
        insert.setString(1, key.path("id").asText());
        insert.setString(2, key.path(REPLACED).asText());
        insert.setLong(3, key.path(ENDS).asLong());
        insert.executeUpdate();
      }
    }
  }

  private static Object value(JsonNode value) {
    return value.isNull() ? null : value.isNumber() ? (Object) value.asLong() : value.asText();
  }

  /** A newer node may know more of them. */
  private static Set<String> columns(Connection connection, String table) throws SQLException {
    Set<String> columns = new TreeSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
      while (row.next()) {
        columns.add(row.getString("name"));
      }
    }
    return columns;
  }
}
