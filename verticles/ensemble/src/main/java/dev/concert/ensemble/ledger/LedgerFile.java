package dev.concert.ensemble.ledger;

import com.github.luben.zstd.ZstdCompressCtx;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.usage.CallReport;
import dev.concert.foundation.files.LockFile;
import dev.concert.foundation.sqlite.SqliteDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;

/**
 * The ledger's file in SQLite. One process opens it at a time, because only it knows which calls
 * are open. Every method blocks.
 */
final class LedgerFile implements AutoCloseable {
  static final List<String> SCHEMAS =
      List.of(
          CallRows.SCHEMA,
          SpentTable.SCHEMA,
          StoredResponseRows.SCHEMA,
          CallRows.AUDIO_SCHEMA,
          CallRows.TURN_SCHEMA,
          CallRows.TEAM_SCHEMA);

  private final LockFile lock;
  private final SqliteDatabase database;
  private final IntentLog intents;
  private final LedgerStatements statements = new LedgerStatements();
  private final SpentTable spent = new SpentTable();
  private final ZstdCompressCtx compressor = new ZstdCompressCtx();

  private LedgerFile(LockFile lock, SqliteDatabase database, IntentLog intents) {
    this.lock = lock;
    this.database = database;
    this.intents = intents;
  }

  /**
   * Opens the file and marks open calls as interrupted.
   *
   * @param interrupted the bytes to store as the response of those calls
   * @throws IllegalStateException if another process has it open
   */
  static LedgerFile open(Path file, byte[] interrupted) {
    LockFile lock = lock(file);
    try {
      LedgerFile ledger =
          new LedgerFile(
              lock,
              SqliteDatabase.openBusy(file, SCHEMAS),
              IntentLog.open(file.resolveSibling(file.getFileName() + ".intents")));
      ledger.begin(Instant.now(), interrupted);
      ledger.intents.forgetLeft();
      return ledger;
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
  }

  private static LockFile lock(Path file) {
    Path beside = file.resolveSibling(file.getFileName() + ".lock");
    try {
      return LockFile.tryLock(beside)
          .orElseThrow(
              () ->
                  new IllegalStateException(
                      "Another Ensemble uses the ledger '%s'. Give each one its own file (ensemble.ledgerFile)."
                          .formatted(file)));
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot create the lock " + beside, e);
    }
  }

  /** The log of calls that are not yet in the table. */
  IntentLog intents() {
    return intents;
  }

  /** The id of the last recorded call; 0 if there is none. */
  long lastId() {
    return database.read(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery("SELECT COALESCE(MAX(id), 0) FROM calls")) {
            return row.getLong(1);
          }
        });
  }

  /** What keys and customers have spent in the current periods. */
  List<SpentTable.Spent> spent() {
    return spent.all();
  }

  /** Writes all changes or none. */
  void write(List<LedgerEntry> changes) {
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
    try (compressor;
        lock;
        intents;
        database) {
      database.read(
          connection -> {
            statements.close();
            return null;
          });
    }
  }

  private void apply(Connection connection, List<LedgerEntry> changes) throws SQLException {
    for (LedgerEntry change : changes) {
      switch (change) {
        case LedgerEntry.Opened opened ->
            CallRows.insert(statements.of(connection, CallRows.INSERT), opened.row());
        case LedgerEntry.Settled settled -> settle(connection, settled);
        case LedgerEntry.Forgotten forgotten ->
            CallRows.forget(statements.of(connection, CallRows.FORGET), forgotten);
      }
    }
  }

  private void settle(Connection connection, LedgerEntry.Settled settled) throws SQLException {
    CallRows.settle(statements.of(connection, CallRows.UPDATE), settled);
    if (settled.answer().isPresent()) {
      StoredResponseRows.insert(
          statements.of(connection, StoredResponseRows.INSERT),
          settled.id(),
          settled.answer().get().encode(compressor));
    }
    CallReport call = settled.call();
    spent.add(settled.accounts(), call.times().started(), call.cost());
  }

  private void begin(Instant now, byte[] answer) {
    transaction(
        connection -> {
          for (OpenedCallRow left : intents.left()) {
            CallRows.insert(statements.of(connection, CallRows.INSERT_MISSING), left);
          }
          spent.keep(connection, now);
          spent.load(connection);
          StoredResponseRows.insertForOpen(connection, answer);
          interruptWhatIsOpen(connection, now);
        });
  }

  /** A call that was open when the process ended counts with its estimate. */
  private void interruptWhatIsOpen(Connection connection, Instant now) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM calls WHERE ended_ms IS NULL")) {
      while (row.next()) {
        spent.add(
            CallRows.accounts(row),
            Instant.ofEpochMilli(row.getLong("started_ms")),
            Price.amount(row.getString("cost")));
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
