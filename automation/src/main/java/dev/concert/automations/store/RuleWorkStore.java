package dev.concert.automations.store;

import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.EventMessages.RuleWork;
import dev.concert.automations.store.EventStore.Event;
import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The rules of repositories as automations. The GitHub service begins, steers and ends their work;
 * here each is a slot with a run, which the engine shows and never executes. Thread-safe and
 * non-blocking.
 */
public final class RuleWorkStore {
  /** To be run once on the database, after the news: a run of a rule begins without a start. */
  public static final String SCHEMA =
      """
      DROP TRIGGER run_changed;
      CREATE TRIGGER run_changed AFTER UPDATE OF state ON run
        WHEN NEW.state <> OLD.state AND (NEW.open = 0 OR NEW.state IN ('starting', 'waiting'))
      BEGIN
        INSERT INTO news (type, owner, automation, subject)
        SELECT CASE NEW.state
            WHEN 'starting' THEN 'automation.run_started'
            WHEN 'running' THEN 'automation.run_started'
            WHEN 'waiting' THEN 'automation.run_waiting'
            WHEN 'succeeded' THEN 'automation.run_completed'
            ELSE 'automation.run_failed' END, owner, id, NEW.id
        FROM automation WHERE id = NEW.automation; END;
      """;

  private static final Set<String> GOING_ON = Set.of("queued", "running");

  private final FencedDatabase database;
  private final AutomationStore automations;

  RuleWorkStore(FencedDatabase database, AutomationStore automations) {
    this.database = database;
    this.automations = automations;
  }

  /** Stores how the work is now; the same again changes nothing. */
  public Future<Void> store(RuleWork work, Instant now) {
    String run = "run_" + hash(work.workId());
    return database.change(
        connection ->
            automation(connection, work, now)
                .compose(id -> slot(connection, id, run, work))
                .compose(_ -> run(connection, run, work, now)));
  }

  private static UUID hash(String text) {
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The automation of the rule, which follows the file. */
  private Future<String> automation(SqlConnection connection, RuleWork work, Instant now) {
    String id = "rule_" + hash(work.repository() + "\n" + work.rule());
    return automations
        .find(connection, id)
        .compose(
            found -> {
              AutomationRow row = row(id, work, found, now);
              if (found.isEmpty()) {
                return automations.insert(connection, row);
              }
              AutomationRow before = found.get();
              boolean isSame =
                  before.trigger().equals(row.trigger())
                      && before.task().equals(row.task())
                      && before.owner().equals(row.owner());
              return isSame ? Future.succeededFuture() : automations.update(connection, row);
            })
        .map(id);
  }

  /** An automation that was disabled because its owner left is enabled by the next owner. */
  private static AutomationRow row(
      String id, RuleWork work, Optional<AutomationRow> found, Instant now) {
    Instant begun = Instant.ofEpochMilli(work.begunAt());
    Optional<AutomationRow> before = found.filter(one -> one.owner().equals(work.owner()));
    return new AutomationRow(
        id,
        "%s (%s)".formatted(work.rule(), work.repository()),
        before.map(AutomationRow::state).orElse(AutomationRow.ENABLED),
        before.map(AutomationRow::reason).orElse(""),
        1,
        new AutomationTrigger(
            AutomationTrigger.Kind.RULE,
            "%s/%s:%d".formatted(work.repository(), work.file(), work.line()),
            null),
        new AutomationTask(work.prompt(), null, null, null, null, null),
        AutomationPolicy.DEFAULT,
        Optional.empty(),
        work.owner(),
        begun,
        before.map(AutomationRow::createdAt).orElse(begun),
        now,
        0);
  }

  private static Future<Void> slot(
      SqlConnection connection, String automation, String run, RuleWork work) {
    Event event =
        new Event(
            work.workId(),
            "{}",
            0,
            Optional.of("%s#%d".formatted(work.repository(), work.number())));
    return EventStore.isKnown(connection, automation, event)
        .compose(
            isKnown ->
                isKnown
                    ? Future.succeededFuture()
                    : EventStore.insert(
                        connection,
                        new EventStore.EventSlot(
                            automation, 1, SlotRow.CLAIMED, "", event, work.begunAt())))
        .compose(
            _ ->
                connection
                    .preparedQuery(
                        "UPDATE slot SET state = ?, run = ? WHERE automation = ? AND event_key = ?")
                    .execute(
                        Tuple.of(
                            GOING_ON.contains(work.state()) ? SlotRow.CLAIMED : SlotRow.DONE,
                            run,
                            automation,
                            work.workId())))
        .compose(
            _ ->
                connection
                    .preparedQuery(
                        """
                        INSERT INTO run (id, automation, scheduled_ms, attempt, state,
                          not_before_ms, started_ms, open)
                        SELECT run, automation, scheduled_ms, 1, 'queued', scheduled_ms,
                          scheduled_ms, 0
                        FROM slot WHERE automation = ? AND event_key = ?
                        ON CONFLICT DO NOTHING
                        """)
                    .execute(Tuple.of(automation, work.workId())))
        .mapEmpty();
  }

  private static Future<Void> run(
      SqlConnection connection, String run, RuleWork work, Instant now) {
    return connection
        .preparedQuery(
            """
            UPDATE run SET state = ?, session = ?, error = ?, pull = ?,
              ended_ms = iif(?, NULL, coalesce(ended_ms, ?)) WHERE id = ?
            """)
        .execute(
            Tuple.of(
                work.state(),
                work.sessionId(),
                work.error(),
                work.pullUrl(),
                GOING_ON.contains(work.state()) ? 1 : 0,
                now.toEpochMilli(),
                run))
        .mapEmpty();
  }
}
