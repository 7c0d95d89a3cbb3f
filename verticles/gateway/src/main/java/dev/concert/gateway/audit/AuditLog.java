package dev.concert.gateway.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import dev.concert.gateway.registry.Registries;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Appends to the audit logs of the tenants, and reads them. Thread-safe. */
public record AuditLog(Registries registries) {
  /** The actor of what is done on the command line of the server. */
  public static final String OPERATOR = "operator";

  private static final String INSERT =
      "INSERT INTO audit (at, actor, action, subject, details) VALUES (?, ?, ?, ?, ?)";

  /**
   * Appends an entry. It is durable when the future succeeds; a caller answers after that.
   *
   * @param tenantId of a tenant that exists
   * @param details without secrets
   */
  public Future<Void> record(
      String tenantId, String actor, String action, String subject, Map<String, String> details) {
    return registries.in(
        tenantId,
        database ->
            database.update(INSERT, tuple(actor, action, subject, details)).<Void>mapEmpty());
  }

  /** Appends an entry within a transaction: it is there if and only if the change is. */
  public static Future<Void> record(
      SqlConnection transaction,
      String actor,
      String action,
      String subject,
      Map<String, String> details) {
    return transaction
        .preparedQuery(INSERT)
        .execute(tuple(actor, action, subject, details))
        .mapEmpty();
  }

  /**
   * Entries, newest first.
   *
   * @param before id of the last entry of the page before; empty for the first page
   */
  public Future<List<AuditEntry>> read(String tenantId, OptionalLong before, int limit) {
    return registries.in(
        tenantId,
        database ->
            database
                .query(
                    "SELECT * FROM audit WHERE id < ? ORDER BY id DESC LIMIT ?",
                    Tuple.of(before.orElse(Long.MAX_VALUE), limit))
                .map(
                    rows -> {
                      List<AuditEntry> entries = new ArrayList<>();
                      rows.forEach(row -> entries.add(entry(row)));
                      return entries;
                    }));
  }

  private static Tuple tuple(
      String actor, String action, String subject, Map<String, String> details) {
    return Tuple.of(
        System.currentTimeMillis(),
        actor,
        action,
        subject,
        Json.MAPPER.valueToTree(details).toString());
  }

  private static AuditEntry entry(Row row) {
    try {
      return new AuditEntry(
          row.getLong("id"),
          row.getLong("at"),
          row.getString("actor"),
          row.getString("action"),
          row.getString("subject"),
          Json.MAPPER.readValue(row.getString("details"), new TypeReference<>() {}));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("The details of an audit entry are not JSON", e);
    }
  }
}
