package dev.concert.automations.store;

import dev.concert.automation.AutomationPolicy.Concurrency;
import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The slots of a tenant, and what moves them from state to state. Thread-safe, non-blocking. */
public final class SlotStore {
  /** To be run once on the database. */
  public static final String SCHEMA =
      """
      CREATE TABLE slot (
        automation TEXT NOT NULL,
        scheduled_ms INTEGER NOT NULL,
        generation INTEGER NOT NULL,
        state TEXT NOT NULL
          CHECK (state IN ('due', 'claimed', 'done', 'skipped', 'missed')),
        reason TEXT NOT NULL,
        late INTEGER NOT NULL,
        manual INTEGER NOT NULL,
        run TEXT,
        PRIMARY KEY (automation, scheduled_ms)
      ) WITHOUT ROWID;
      CREATE INDEX slot_due ON slot (scheduled_ms) WHERE state = 'due';
      """;

  private static final String COLUMNS =
      "slot.automation, scheduled_ms, generation, state, reason, late, slot.run";

  private static final String INSERT =
      """
      INSERT INTO slot (automation, scheduled_ms, generation, state, reason, late, manual)
      VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
      """;

  private final FencedDatabase database;
  private final AutomationStore automations;
  private final RunStore runs;

  /**
   * @param database with {@link #SCHEMA}
   */
  public SlotStore(FencedDatabase database, AutomationStore automations, RunStore runs) {
    this.database = database;
    this.automations = automations;
    this.runs = runs;
  }

  /**
   * The times of an automation that have come.
   *
   * @param seen the automation as it was when they were computed
   * @param next when it is due after them
   */
  public record Firing(AutomationRow seen, List<SlotRow> slots, Optional<Instant> next) {}

  /**
   * Writes the slots of automations whose time has come, and when those are due next, at once. What
   * was changed meanwhile is left out. Few statements for many automations: on a full hour each
   * more of them would take the processor from the turns of people.
   *
   * @param firings each of another automation
   */
  public Future<Void> fire(List<Firing> firings) {
    return firings.isEmpty()
        ? Future.succeededFuture()
        : database.change(
            connection ->
                automations
                    .advance(connection, firings)
                    .compose(same -> slots(connection, same))
                    .compose(slots -> write(connection, slots)));
  }

  private Future<List<SlotRow>> slots(SqlConnection connection, List<Firing> firings) {
    List<SlotRow> slots = new ArrayList<>();
    Future<Void> all = Future.succeededFuture();
    for (Firing firing : firings) {
      if (firing.seen().policy().concurrency() != Concurrency.QUEUE) {
        slots.addAll(firing.slots());
      } else {
        all =
            all.compose(_ -> waits(connection, firing.seen().id()))
                .map(
                    waits -> {
                      slots.addAll(oneWaits(firing.slots(), waits));
                      return null;
                    });
      }
    }
    return all.map(slots);
  }

  private static Future<Void> write(SqlConnection connection, List<SlotRow> slots) {
    return slots.isEmpty()
        ? Future.succeededFuture()
        : connection
            .preparedQuery(INSERT)
            .executeBatch(slots.stream().map(slot -> values(slot, false)).toList())
            .mapEmpty();
  }

  /** In a queue one waits; the others are skipped. */
  private static List<SlotRow> oneWaits(List<SlotRow> slots, boolean waits) {
    boolean taken = waits;
    List<SlotRow> written = new ArrayList<>();
    for (SlotRow slot : slots) {
      boolean isDue = slot.state().equals(SlotRow.DUE);
      written.add(isDue && taken ? skipped(slot, "An earlier time still waits.") : slot);
      taken = taken || isDue;
    }
    return written;
  }

  private static SlotRow skipped(SlotRow slot, String reason) {
    return new SlotRow(
        slot.automationId(),
        slot.scheduledAt(),
        slot.generation(),
        SlotRow.SKIPPED,
        reason,
        slot.late(),
        slot.runId());
  }

  private Future<Boolean> waits(SqlConnection connection, String automationId) {
    return connection
        .preparedQuery("SELECT 1 FROM slot WHERE automation = ? AND state = 'due' LIMIT 1")
        .execute(Tuple.of(automationId))
        .map(rows -> rows.size() > 0);
  }

  private static Future<Boolean> insert(SqlConnection connection, SlotRow slot, boolean manual) {
    return connection
        .preparedQuery(INSERT)
        .execute(values(slot, manual))
        .map(rows -> rows.rowCount() == 1);
  }

  private static Tuple values(SlotRow slot, boolean manual) {
    return Tuple.of(
        slot.automationId(),
        slot.scheduledAt().toEpochMilli(),
        slot.generation(),
        slot.state(),
        slot.reason(),
        slot.late() ? 1 : 0,
        manual ? 1 : 0);
  }

  /**
   * A person starts a run: a slot of this moment, which also runs when the automation is paused.
   *
   * @param payload JSON for the agent
   * @return its run, which is claimed at once
   */
  public Future<RunRow> startNow(AutomationRow row, Optional<String> payload, Instant now) {
    return database.change(connection -> startNow(connection, row, payload, now));
  }

  private Future<RunRow> startNow(
      SqlConnection connection, AutomationRow row, Optional<String> payload, Instant now) {
    SlotRow slot = SlotRow.due(row, now, false);
    return insert(connection, slot, true)
        .compose(
            inserted ->
                inserted
                    ? carry(connection, slot, payload).compose(_ -> claim(connection, slot, now))
                    : startNow(connection, row, payload, now.plusMillis(1)));
  }

  private static Future<Void> carry(
      SqlConnection connection, SlotRow slot, Optional<String> payload) {
    return payload
        .map(
            json ->
                connection
                    .preparedQuery(
                        "UPDATE slot SET payload = ? WHERE automation = ? AND scheduled_ms = ?")
                    .execute(Tuple.of(json, slot.automationId(), slot.scheduledAt().toEpochMilli()))
                    .<Void>mapEmpty())
        .orElseGet(Future::succeededFuture);
  }

  /**
   * What is due and does not wait in the queue of its automation, or for another run about the
   * same, the earliest first.
   */
  public Future<List<SlotRow>> due(int limit) {
    return rows(
        """
        WHERE state = 'due' AND NOT EXISTS (
          SELECT 1 FROM run JOIN automation ON automation.id = run.automation
          JOIN slot AS begun ON begun.automation = run.automation
            AND begun.scheduled_ms = run.scheduled_ms
          WHERE run.automation = slot.automation AND run.open = 1
            AND iif(slot.subject IS NULL,
              json_extract(automation.policy_json, '$.concurrency') = 'queue',
              json_extract(automation.policy_json, '$.concurrency') <> 'skip'
                AND begun.subject = slot.subject))
        ORDER BY scheduled_ms, automation LIMIT ?
        """,
        Tuple.of(limit));
  }

  /**
   * Claims a slot for a run, or skips it where its automation says so.
   *
   * @return the queued run; empty when it was skipped, or has to wait
   */
  public Future<Optional<RunRow>> claim(SlotRow slot, Instant now) {
    return database.change(
        connection ->
            automations
                .find(connection, slot.automationId())
                .compose(
                    found ->
                        runs.openBeside(connection, slot)
                            .compose(
                                open ->
                                    hasSubject(connection, slot)
                                        .compose(
                                            has ->
                                                claim(connection, slot, found, open, has, now)))));
  }

  private Future<Optional<RunRow>> claim(
      SqlConnection connection,
      SlotRow slot,
      Optional<AutomationRow> found,
      List<RunRow> open,
      boolean hasSubject,
      Instant now) {
    if (found.filter(AutomationRow::isEnabled).isEmpty()) {
      return skip(connection, slot, "The automation was not enabled any more.");
    }
    AutomationRow row = found.get();
    if (row.generation() != slot.generation()) {
      return skip(connection, slot, "The automation was changed after this time was planned.");
    }
    if (open.isEmpty()) {
      return claim(connection, slot, now).map(Optional::of);
    }
    return switch (row.policy().concurrency()) {
      case QUEUE -> Future.succeededFuture(Optional.empty());
      case SKIP ->
          skip(connection, slot, "Run " + open.getFirst().id() + " was not over at this time.");
      case PARALLEL ->
          hasSubject
              ? Future.succeededFuture(Optional.empty())
              : open.size() < row.policy().maxParallel()
                  ? claim(connection, slot, now).map(Optional::of)
                  : skip(connection, slot, open.size() + " runs were not over at this time.");
    };
  }

  private static Future<Boolean> hasSubject(SqlConnection connection, SlotRow slot) {
    return connection
        .preparedQuery(
            """
            SELECT 1 FROM slot
            WHERE automation = ? AND scheduled_ms = ? AND subject IS NOT NULL
            """)
        .execute(Tuple.of(slot.automationId(), slot.scheduledAt().toEpochMilli()))
        .map(rows -> rows.size() > 0);
  }

  /** Skips a slot that is due. */
  public Future<Void> skip(SlotRow slot, String reason) {
    return database.change(connection -> skip(connection, slot, reason)).mapEmpty();
  }

  private static Future<Optional<RunRow>> skip(
      SqlConnection connection, SlotRow slot, String reason) {
    return connection
        .preparedQuery(
            """
            UPDATE slot SET state = 'skipped', reason = ?
            WHERE automation = ? AND scheduled_ms = ? AND state = 'due'
            """)
        .execute(Tuple.of(reason, slot.automationId(), slot.scheduledAt().toEpochMilli()))
        .map(Optional.empty());
  }

  private Future<RunRow> claim(SqlConnection connection, SlotRow slot, Instant now) {
    RunRow run = queued(slot.automationId(), slot.scheduledAt(), 1, now);
    return connection
        .preparedQuery(
            """
            UPDATE slot SET state = 'claimed', run = ?
            WHERE automation = ? AND scheduled_ms = ? AND state = 'due'
            """)
        .execute(Tuple.of(run.id(), slot.automationId(), slot.scheduledAt().toEpochMilli()))
        .compose(
            claimed ->
                claimed.rowCount() == 1
                    ? runs.insert(connection, run).map(run)
                    : Future.failedFuture(
                        new IllegalStateException("A slot was claimed by somebody else")));
  }

  private static RunRow queued(String automationId, Instant scheduledAt, int attempt, Instant at) {
    return new RunRow(
        "run_" + UUID.randomUUID(),
        automationId,
        scheduledAt,
        attempt,
        RunRow.State.QUEUED,
        at,
        Optional.empty(),
        Optional.empty(),
        0,
        Optional.empty(),
        Optional.empty(),
        BigDecimal.ZERO,
        "",
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Another attempt of a run that failed, in the caller's transaction. */
  Future<RunRow> retry(SqlConnection connection, RunRow failed, Instant notBefore) {
    RunRow run =
        queued(failed.automationId(), failed.scheduledAt(), failed.attempt() + 1, notBefore);
    return runs.insert(connection, run)
        .compose(
            _ ->
                connection
                    .preparedQuery(
                        "UPDATE slot SET run = ? WHERE automation = ? AND scheduled_ms = ?")
                    .execute(
                        Tuple.of(run.id(), run.automationId(), run.scheduledAt().toEpochMilli())))
        .map(run);
  }

  /** The run of a slot is over, in the caller's transaction. */
  Future<Void> done(SqlConnection connection, RunRow run) {
    return connection
        .preparedQuery("UPDATE slot SET state = 'done' WHERE automation = ? AND scheduled_ms = ?")
        .execute(Tuple.of(run.automationId(), run.scheduledAt().toEpochMilli()))
        .mapEmpty();
  }

  /** The slots of an automation, the newest first. */
  public Future<List<SlotRow>> of(String automationId, Optional<Instant> before, int limit) {
    return rows(
        "WHERE automation = ? AND scheduled_ms < ? ORDER BY scheduled_ms DESC LIMIT ?",
        Tuple.of(automationId, before.map(Instant::toEpochMilli).orElse(Long.MAX_VALUE), limit));
  }

  /** The slot of a time. */
  public Future<Optional<SlotRow>> at(String automationId, Instant at) {
    return rows(
            "WHERE automation = ? AND scheduled_ms BETWEEN ? AND ? ORDER BY scheduled_ms LIMIT 1",
            // A person says minutes.
            Tuple.of(automationId, at.toEpochMilli(), at.toEpochMilli() + 59_999))
        .map(rows -> rows.stream().findFirst());
  }

  private Future<List<SlotRow>> rows(String where, Tuple parameters) {
    return database
        .query("SELECT " + COLUMNS + " FROM slot " + where, parameters)
        .map(SlotStore::rows);
  }

  private static List<SlotRow> rows(RowSet<Row> found) {
    List<SlotRow> rows = new ArrayList<>();
    for (Row row : found) {
      rows.add(
          new SlotRow(
              row.getString(0),
              Instant.ofEpochMilli(row.getLong(1)),
              row.getLong(2),
              row.getString(3),
              row.getString(4),
              row.getInteger(5) != 0,
              Optional.ofNullable(row.getString(6))));
    }
    return rows;
  }
}
