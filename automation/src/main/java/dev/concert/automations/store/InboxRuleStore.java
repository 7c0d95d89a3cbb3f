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

  /** To be run once after it. */
  public static final String SWITCH =
      "ALTER TABLE inbox_rule ADD COLUMN is_on INTEGER NOT NULL DEFAULT 1;";

  private static final String OF =
      """
      SELECT id, rule_json, is_on, created_ms FROM inbox_rule
      WHERE owner = ? ORDER BY created_ms, rowid
      """;

  private final FencedDatabase database;

  InboxRuleStore(FencedDatabase database) {
    this.database = database;
  }

  public Future<Void> add(String owner, StoredRule rule) {
    return database
        .update(
            "INSERT INTO inbox_rule (id, owner, rule_json, created_ms, is_on)"
                + " VALUES (?, ?, ?, ?, ?)",
            Tuple.of(rule.ruleId(), owner, json(rule), rule.createdAt(), rule.isOn() ? 1 : 0))
        .mapEmpty();
  }

  /** Stores a rule of an owner, which may be gone meanwhile. */
  public Future<Void> change(String owner, StoredRule rule) {
    return database
        .update(
            "UPDATE inbox_rule SET rule_json = ?, is_on = ? WHERE id = ? AND owner = ?",
            Tuple.of(json(rule), rule.isOn() ? 1 : 0, rule.ruleId(), owner))
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
          new StoredRule(
              row.getString(0),
              rule.name(),
              rule.when(),
              rule.then(),
              row.getInteger(2) != 0,
              row.getLong(3)));
    }
    return rules;
  }

  private static String json(StoredRule rule) {
    try {
      return Json.MAPPER.writeValueAsString(new InboxRule(rule.name(), rule.when(), rule.then()));
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
