package dev.concert.automations.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.automation.InboxMessages.StoredRule;
import dev.concert.automation.InboxRule;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/** The rules of inboxes. Thread-safe and non-blocking. */
public final class InboxRuleStore {
  /** To be run once on the database. */
  public static final String SCHEMA =
      """
      CREATE TABLE inbox_rule (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        rule_json TEXT NOT NULL,
        created_ms INTEGER NOT NULL
      );
      CREATE INDEX inbox_rule_of ON inbox_rule (owner, created_ms);
      """;

  private static final String OF =
      "SELECT id, rule_json, created_ms FROM inbox_rule WHERE owner = ? ORDER BY created_ms, rowid";

  private final FencedDatabase database;

  InboxRuleStore(FencedDatabase database) {
    this.database = database;
  }

  public Future<Void> add(String owner, String id, InboxRule rule, long createdAt) {
    return database
        .update(
            "INSERT INTO inbox_rule VALUES (?, ?, ?, ?)",
            Tuple.of(id, owner, json(rule), createdAt))
        .mapEmpty();
  }

  /** Those of an owner, the oldest first. */
  public Future<List<StoredRule>> of(String owner) {
    return database.query(OF, Tuple.of(owner)).map(InboxRuleStore::rules);
  }

  Future<List<StoredRule>> of(SqlConnection connection, String owner) {
    return connection.preparedQuery(OF).execute(Tuple.of(owner)).map(InboxRuleStore::rules);
  }

  /**
   * Removes a rule of an owner.
   *
   * @return whether it was there
   */
  public Future<Boolean> remove(String owner, String id) {
    return database
        .update("DELETE FROM inbox_rule WHERE id = ? AND owner = ?", Tuple.of(id, owner))
        .map(count -> count == 1);
  }

  private static List<StoredRule> rules(RowSet<Row> rows) {
    List<StoredRule> rules = new ArrayList<>();
    for (Row row : rows) {
      InboxRule rule = read(row.getString(1));
      rules.add(
          new StoredRule(row.getString(0), rule.name(), rule.when(), rule.then(), row.getLong(2)));
    }
    return rules;
  }

  private static String json(InboxRule rule) {
    try {
      return Json.MAPPER.writeValueAsString(rule);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A rule cannot be written as JSON", e);
    }
  }

  private static InboxRule read(String json) {
    try {
      return Json.MAPPER.readValue(json, InboxRule.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A rule in the database is not JSON", e);
    }
  }
}
