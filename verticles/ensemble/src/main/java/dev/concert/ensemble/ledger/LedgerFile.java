package dev.concert.ensemble.ledger;

import dev.concert.ensemble.usage.CallReport;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;

/**
 * The ledger in SQLite, which one process has at a time: it knows what is open. Every method
 * blocks.
 */
final class LedgerFile implements AutoCloseable {
  static final List<String> SCHEMAS =
      List.of(CallRows.SCHEMA, SpentTable.SCHEMA, AnswerRows.SCHEMA, CallRows.AUDIO_SCHEMA);

  private final FileLease lease;
  private final SqliteDatabase database;
  private final IntentLog intents;
  private final LedgerStatements statements = new LedgerStatements();
  private final SpentTable spent = new SpentTable();

  private LedgerFile(FileLease lease, SqliteDatabase database, IntentLog intents) {
    this.lease = lease;
    this.database = database;
    this.intents = intents;
  }

  /**
   * Opens the file; what was open in it is interrupted.
   *
   * @param interrupted what is kept in the place of the answers that were under way
   * @throws IllegalStateException when another process has it
   */
  static LedgerFile open(Path file, byte[] interrupted) {
    FileLease lease = FileLease.take(file);
    try {
      LedgerFile ledger =
          new LedgerFile(
              lease,
              SqliteDatabase.openBusy(file, SCHEMAS),
              IntentLog.open(file.resolveSibling(file.getFileName() + ".intents")));
      ledger.begin(Instant.now(), interrupted);
      ledger.intents.forgetLeft();
      return ledger;
    } catch (RuntimeException e) {
      lease.close();
      throw e;
    }
  }

  /** Calls that are made and not here yet. */
  IntentLog intents() {
    return intents;
  }

  /** The number of the last call that was written down; 0 where there is none. */
  long lastId() {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT COALESCE(MAX(id), 0) FROM calls")) {
            return row.getLong(1);
          }
        });
  }

  /** What keys and customers have spent in the periods that are now. */
  List<SpentTable.Spent> spent() {
    return spent.all();
  }

  /** Writes all of it or nothing. */
  void write(List<Change> changes) {
    transaction(connection -> apply(connection, changes));
  }

  private interface Work {
    void in(Connection connection) throws SQLException;
  }

  private void transaction(Work work) {
    try {
      database.write(
          connection -> {
            work.in(connection);
            spent.write(connection, statements);
            return null;
          });
      spent.committed();
    } catch (RuntimeException e) {
      spent.rolledBack();
      statements.forget();
      throw e;
    }
  }

  @Override
  public void close() {
    try (lease;
        intents;
        database) {
      database.read(
          connection -> {
            statements.close();
            return null;
          });
    }
  }

  private void apply(Connection connection, List<Change> changes) throws SQLException {
    for (Change change : changes) {
      switch (change) {
        case Change.Opened opened ->
            CallRows.insert(statements.of(connection, CallRows.INSERT), opened.row());
        case Change.Settled settled -> settle(connection, settled);
      }
    }
  }

  private void settle(Connection connection, Change.Settled settled) throws SQLException {
    CallRows.settle(statements.of(connection, CallRows.UPDATE), settled);
    if (settled.answer().isPresent()) {
      AnswerRows.insert(
          statements.of(connection, AnswerRows.INSERT), settled.id(), settled.answer().get().get());
    }
    CallReport call = settled.call();
    spent.add(call.caller().id(), call.caller().customer(), call.times().started(), call.cost());
  }

  private void begin(Instant now, byte[] answer) {
    transaction(
        connection -> {
          for (OpenedRow left : intents.left()) {
            CallRows.insert(statements.of(connection, CallRows.INSERT_MISSING), left);
          }
          spent.keep(connection, now);
          spent.load(connection);
          AnswerRows.insertForOpen(connection, answer);
          interruptWhatIsOpen(connection, now);
        });
  }

  /** What was open when the process ended has cost what it was estimated to. */
  private void interruptWhatIsOpen(Connection connection, Instant now) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM calls WHERE ended_ms IS NULL")) {
      while (row.next()) {
        spent.add(
            row.getString("key_id"),
            row.getString("customer_id"),
            Instant.ofEpochMilli(row.getLong("started_ms")),
            new BigDecimal(row.getString("cost")));
      }
    }
    try (PreparedStatement update =
        connection.prepareStatement(
            "UPDATE calls SET outcome = ?, ended_ms = ? WHERE ended_ms IS NULL")) {
      update.setString(1, CallRows.INTERRUPTED);
      update.setLong(2, now.toEpochMilli());
      update.executeUpdate();
    }
  }
}
