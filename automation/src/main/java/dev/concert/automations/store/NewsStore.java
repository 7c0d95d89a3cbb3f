package dev.concert.automations.store;

import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;

/**
 * What has changed in a tenant's tables and was not told yet. The tables' own triggers write it, in
 * the transaction of the change: nothing is told that is not stored, and a crash loses nothing.
 * Thread-safe and non-blocking.
 */
public final class NewsStore {
  /** To be run once on the database, after the schemas of the other tables. */
  public static final String SCHEMA =
      """
      CREATE TABLE news (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        type TEXT NOT NULL,
        owner TEXT NOT NULL,
        automation TEXT NOT NULL,
        subject TEXT NOT NULL
      );
      CREATE TRIGGER automation_made AFTER INSERT ON automation BEGIN
        INSERT INTO news (type, owner, automation, subject)
        VALUES ('automation.created', NEW.owner, NEW.id, NEW.id); END;
      CREATE TRIGGER automation_changed AFTER UPDATE OF name, state, generation ON automation
        WHEN NEW.name <> OLD.name OR NEW.state <> OLD.state OR NEW.generation <> OLD.generation
      BEGIN
        INSERT INTO news (type, owner, automation, subject)
        VALUES (iif(NEW.state = 'disabled' AND OLD.state <> 'disabled',
          'automation.disabled', 'automation.updated'), NEW.owner, NEW.id, NEW.id); END;
      CREATE TRIGGER automation_gone AFTER DELETE ON automation BEGIN
        INSERT INTO news (type, owner, automation, subject)
        VALUES ('automation.deleted', OLD.owner, OLD.id, OLD.id); END;
      CREATE TRIGGER run_made AFTER INSERT ON run BEGIN
        INSERT INTO news (type, owner, automation, subject)
        SELECT 'automation.run_queued', owner, id, NEW.id FROM automation
        WHERE id = NEW.automation; END;
      CREATE TRIGGER run_changed AFTER UPDATE OF state ON run
        WHEN NEW.state <> OLD.state AND (NEW.open = 0 OR NEW.state IN ('starting', 'waiting'))
      BEGIN
        INSERT INTO news (type, owner, automation, subject)
        SELECT CASE NEW.state
            WHEN 'starting' THEN 'automation.run_started'
            WHEN 'waiting' THEN 'automation.run_waiting'
            WHEN 'succeeded' THEN 'automation.run_completed'
            ELSE 'automation.run_failed' END, owner, id, NEW.id
        FROM automation WHERE id = NEW.automation; END;
      CREATE TRIGGER slot_made_skipped AFTER INSERT ON slot WHEN NEW.state = 'skipped' BEGIN
        INSERT INTO news (type, owner, automation, subject)
        SELECT 'automation.run_skipped', owner, id, NEW.scheduled_ms FROM automation
        WHERE id = NEW.automation; END;
      CREATE TRIGGER slot_skipped AFTER UPDATE OF state ON slot
        WHEN NEW.state = 'skipped' AND OLD.state <> 'skipped' BEGIN
        INSERT INTO news (type, owner, automation, subject)
        SELECT 'automation.run_skipped', owner, id, NEW.scheduled_ms FROM automation
        WHERE id = NEW.automation; END;
      CREATE TRIGGER item_made AFTER INSERT ON inbox_item BEGIN
        INSERT INTO news (type, owner, automation, subject)
        VALUES ('inbox.item_created', NEW.owner, NEW.automation, NEW.id); END;
      CREATE TRIGGER item_changed AFTER UPDATE OF state, until_ms ON inbox_item
        WHEN NEW.state <> OLD.state OR NEW.until_ms IS NOT OLD.until_ms BEGIN
        INSERT INTO news (type, owner, automation, subject)
        VALUES ('inbox.item_updated', NEW.owner, NEW.automation, NEW.id); END;
      """;

  private final FencedDatabase database;

  /**
   * @param database with {@link #SCHEMA}
   */
  public NewsStore(FencedDatabase database) {
    this.database = database;
  }

  /**
   * One change.
   *
   * @param type of the event that clients get
   * @param owner who may see it
   * @param subject id of the automation, the run or the item; of a slot its time in Unix ms
   */
  public record NewsRow(long seq, String type, String owner, String automationId, String subject) {}

  /** The oldest that are not told yet. */
  public Future<List<NewsRow>> next(int limit) {
    return database
        .query(
            "SELECT seq, type, owner, automation, subject FROM news ORDER BY seq LIMIT ?",
            Tuple.of(limit))
        .map(
            found -> {
              List<NewsRow> rows = new ArrayList<>();
              found.forEach(
                  row ->
                      rows.add(
                          new NewsRow(
                              row.getLong(0),
                              row.getString(1),
                              row.getString(2),
                              row.getString(3),
                              row.getString(4))));
              return rows;
            });
  }

  /** Everything up to this one is told, in the caller's transaction. */
  Future<Void> told(SqlConnection connection, long seq) {
    return connection
        .preparedQuery("DELETE FROM news WHERE seq <= ?")
        .execute(Tuple.of(seq))
        .mapEmpty();
  }
}
