package dev.concert.automations.store;

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
import java.util.Locale;
import java.util.Optional;

/** The runs of a tenant. Thread-safe and non-blocking. */
public final class RunStore {
  /** To be run once on the database. */
  public static final String SCHEMA =
      """
      CREATE TABLE run (
        id TEXT PRIMARY KEY,
        automation TEXT NOT NULL,
        scheduled_ms INTEGER NOT NULL,
        attempt INTEGER NOT NULL,
        state TEXT NOT NULL,
        not_before_ms INTEGER NOT NULL,
        session TEXT,
        turn TEXT,
        turn_seq INTEGER NOT NULL DEFAULT 0,
        started_ms INTEGER,
        ended_ms INTEGER,
        cost TEXT NOT NULL DEFAULT '0',
        error TEXT NOT NULL DEFAULT '',
        open INTEGER NOT NULL DEFAULT 1
      );
      CREATE INDEX run_open ON run (open, not_before_ms) WHERE open = 1;
      CREATE INDEX run_of ON run (automation, scheduled_ms);
      """;

  /** To be run once after it. */
  public static final String VERDICTS =
      """
      ALTER TABLE run ADD COLUMN verdict TEXT;
      ALTER TABLE run ADD COLUMN source TEXT;
      ALTER TABLE run ADD COLUMN source_seq INTEGER NOT NULL DEFAULT 0;
      """;

  /** To be run once after it. */
  public static final String PULLS = "ALTER TABLE run ADD COLUMN pull TEXT;";

  private static final String COLUMNS =
      "id, automation, scheduled_ms, attempt, state, not_before_ms, session, turn, turn_seq,"
          + " started_ms, ended_ms, cost, error, verdict, source, source_seq, pull";

  private final FencedDatabase database;

  /**
   * @param database with {@link #SCHEMA}, {@link #VERDICTS} and {@link #PULLS}
   */
  public RunStore(FencedDatabase database) {
    this.database = database;
  }

  /** Adds a queued run, in the caller's transaction. */
  Future<Void> insert(SqlConnection connection, RunRow run) {
    return connection
        .preparedQuery(
            """
            INSERT INTO run (id, automation, scheduled_ms, attempt, state, not_before_ms)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        .execute(
            Tuple.of(
                run.id(),
                run.automationId(),
                run.scheduledAt().toEpochMilli(),
                run.attempt(),
                run.state().wireName(),
                run.notBefore().toEpochMilli()))
        .mapEmpty();
  }

  public Future<Void> begin(String id, Instant now) {
    return database
        .update(
            "UPDATE run SET state = 'starting', started_ms = ? WHERE id = ? AND open = 1",
            Tuple.of(now.toEpochMilli(), id))
        .mapEmpty();
  }

  public Future<Void> inSession(String id, String sessionId) {
    return database
        .update("UPDATE run SET session = ? WHERE id = ?", Tuple.of(sessionId, id))
        .mapEmpty();
  }

  /** The run's session has a copy of these files. */
  public Future<Void> beganWith(String id, RunRow.Origin origin) {
    return database
        .update(
            "UPDATE run SET source = ?, source_seq = ? WHERE id = ?",
            Tuple.of(origin.sessionId(), origin.sequence(), id))
        .mapEmpty();
  }

  /**
   * @param seq number of the last event before the turn
   */
  public Future<Void> inTurn(String id, String turnId, long seq) {
    return database
        .update(
            "UPDATE run SET turn = ?, turn_seq = ?, state = 'running' WHERE id = ? AND open = 1",
            Tuple.of(turnId, seq, id))
        .mapEmpty();
  }

  /** Sets the state of a run that goes on. */
  public Future<Void> setState(String id, RunRow.State state) {
    return database
        .update(
            "UPDATE run SET state = ? WHERE id = ? AND open = 1", Tuple.of(state.wireName(), id))
        .mapEmpty();
  }

  public Future<Void> setCost(String id, BigDecimal cost) {
    return database
        .update("UPDATE run SET cost = ? WHERE id = ?", Tuple.of(cost.toPlainString(), id))
        .mapEmpty();
  }

  /**
   * Ends a run, in the caller's transaction.
   *
   * @return whether it was open
   */
  Future<Boolean> end(
      SqlConnection connection, String id, RunOutcomes.Outcome outcome, Instant now) {
    return connection
        .preparedQuery(
            """
            UPDATE run SET state = ?, error = ?, verdict = ?, pull = ?, ended_ms = ?, open = 0
            WHERE id = ? AND open = 1
            """)
        .execute(
            Tuple.of(
                outcome.state().wireName(),
                outcome.error(),
                outcome.verdict().orElse(null),
                outcome.pull().orElse(null),
                now.toEpochMilli(),
                id))
        .map(rows -> rows.rowCount() == 1);
  }

  public Future<Optional<RunRow>> find(String id) {
    return rows("WHERE id = ?", Tuple.of(id)).map(rows -> rows.stream().findFirst());
  }

  /** What the event said that began a run, as JSON; empty where a time or a person began it. */
  public Future<Optional<String>> payload(RunRow run) {
    return database
        .query(
            "SELECT payload FROM slot WHERE automation = ? AND scheduled_ms = ?",
            Tuple.of(run.automationId(), run.scheduledAt().toEpochMilli()))
        .map(
            rows ->
                rows.size() == 0
                    ? Optional.empty()
                    : Optional.ofNullable(rows.iterator().next().getString(0)));
  }

  /** The open ones, in the order in which they may begin. */
  public Future<List<RunRow>> open() {
    return rows("WHERE open = 1 ORDER BY not_before_ms, scheduled_ms, id", Tuple.tuple());
  }

  /** The open ones of a slot's automation; where the slot has a subject, those about the same. */
  Future<List<RunRow>> openBeside(SqlConnection connection, SlotRow slot) {
    return connection
        .preparedQuery(
            "SELECT "
                + COLUMNS
                + """
                 FROM run WHERE open = 1 AND automation = ?1 AND EXISTS (
                  SELECT 1 FROM slot AS mine JOIN slot AS begun
                  WHERE mine.automation = ?1 AND mine.scheduled_ms = ?2
                    AND begun.automation = ?1 AND begun.scheduled_ms = run.scheduled_ms
                    AND (mine.subject IS NULL OR mine.subject = begun.subject))
                ORDER BY rowid
                """)
        .execute(Tuple.of(slot.automationId(), slot.scheduledAt().toEpochMilli()))
        .map(RunStore::rows);
  }

  /** What the runs of an automation have cost that began since then. */
  public Future<BigDecimal> costSince(String automationId, Instant since) {
    return database
        .query(
            "SELECT cost FROM run WHERE automation = ? AND started_ms >= ?",
            Tuple.of(automationId, since.toEpochMilli()))
        .map(
            rows -> {
              BigDecimal sum = BigDecimal.ZERO;
              for (Row row : rows) {
                sum = sum.add(new BigDecimal(row.getString(0)));
              }
              return sum;
            });
  }

  private Future<List<RunRow>> rows(String where, Tuple parameters) {
    return database
        .query("SELECT " + COLUMNS + " FROM run " + where, parameters)
        .map(RunStore::rows);
  }

  private static List<RunRow> rows(RowSet<Row> found) {
    List<RunRow> rows = new ArrayList<>();
    for (Row row : found) {
      rows.add(
          new RunRow(
              row.getString(0),
              row.getString(1),
              Instant.ofEpochMilli(row.getLong(2)),
              row.getInteger(3),
              RunRow.State.valueOf(row.getString(4).toUpperCase(Locale.ROOT)),
              Instant.ofEpochMilli(row.getLong(5)),
              Optional.ofNullable(row.getString(6)),
              Optional.ofNullable(row.getString(7)),
              row.getLong(8),
              Optional.ofNullable(row.getLong(9)).map(Instant::ofEpochMilli),
              Optional.ofNullable(row.getLong(10)).map(Instant::ofEpochMilli),
              new BigDecimal(row.getString(11)),
              row.getString(12),
              Optional.ofNullable(row.getString(13)),
              Optional.ofNullable(row.getString(14))
                  .map(source -> new RunRow.Origin(source, row.getLong(15))),
              Optional.ofNullable(row.getString(16))));
    }
    return rows;
  }
}
