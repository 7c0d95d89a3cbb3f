package dev.concert.automations.store;

import dev.concert.automations.store.ItemChangeStore.By;
import dev.concert.automations.store.ItemChangeStore.Change;
import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Removes automations with their history. Items that their runs left in inboxes stay, because
 * people still read and answer them. A question of an open run is marked as done: the run stops, so
 * an answer has no effect. Thread-safe and non-blocking.
 */
public final class AutomationRemoval {
  private static final List<String> TABLES =
      List.of(
          "DELETE FROM automation WHERE id = ?",
          "DELETE FROM slot WHERE automation = ?",
          "DELETE FROM run WHERE automation = ?",
          "DELETE FROM state_change WHERE automation = ?");

  private final FencedDatabase database;
  private final ItemChangeStore changes;

  AutomationRemoval(FencedDatabase database, ItemChangeStore changes) {
    this.database = database;
    this.changes = changes;
  }

  /**
   * Removes an automation.
   *
   * @param userId who does it
   */
  public Future<Void> remove(String id, String userId, Instant now) {
    return database.change(
        connection -> {
          Future<Void> all = closeQuestions(connection, id, userId, now);
          for (String delete : TABLES) {
            all =
                all.compose(_ -> connection.preparedQuery(delete).execute(Tuple.of(id)).mapEmpty());
          }
          return all;
        });
  }

  private Future<Void> closeQuestions(
      SqlConnection connection, String id, String userId, Instant now) {
    Change change = new Change(By.PERSON, userId, "done", "The automation was deleted.");
    return connection
        .preparedQuery(
            """
            SELECT id FROM inbox_item WHERE automation = ?1 AND kind = 'question'
              AND state <> 'done' AND run IN (SELECT id FROM run WHERE automation = ?1 AND open = 1)
            """)
        .execute(Tuple.of(id))
        .compose(
            found -> {
              Future<Void> all = Future.succeededFuture();
              for (Row row : found) {
                String item = row.getString(0);
                all =
                    all.compose(
                        _ ->
                            changes.apply(
                                connection,
                                item,
                                before -> before.in("done", Optional.empty()),
                                change,
                                now));
              }
              return all;
            });
  }
}
