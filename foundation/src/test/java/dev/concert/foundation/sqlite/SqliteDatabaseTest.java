package dev.concert.foundation.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.testing.Await;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest {
  private static final String TABLE = "CREATE TABLE note (text TEXT NOT NULL);";

  private static final int MEGABYTES = 4_000_000;
  private static final long REST_NANOS = 700_000_000;

  @TempDir Path folder;

  @Test
  void whatWasWrittenIsThereAfterReopening() {
    try (var db = SqliteDatabase.open(folder.resolve("a/b.db"), List.of(TABLE))) {
      write(db, "kept");
    }
    try (var db = SqliteDatabase.open(folder.resolve("a/b.db"), List.of(TABLE))) {
      assertThat(count(db)).isEqualTo(1);
    }
  }

  @Test
  void onlyNewMigrationsRun() {
    Path file = folder.resolve("x.db");
    try (var db = SqliteDatabase.open(file, List.of(TABLE))) {
      write(db, "old");
    }
    String second = "ALTER TABLE note ADD COLUMN at INTEGER;\nCREATE INDEX by_at ON note (at);\n";
    try (var db = SqliteDatabase.open(file, List.of(TABLE, second))) {
      assertThat(count(db)).isEqualTo(1);
    }
  }

  @Test
  void manyWhoOpenANewFileAtTheSameTimeMakeItOnce() {
    String second = "ALTER TABLE note ADD COLUMN at INTEGER;";
    for (int round = 0; round < 10; round++) {
      Path file = folder.resolve(round + ".db");
      List<SqliteDatabase> opened =
          IntStream.range(0, 6)
              .mapToObj(
                  _ ->
                      CompletableFuture.supplyAsync(
                          () -> SqliteDatabase.open(file, List.of(TABLE, second)),
                          Thread::startVirtualThread))
              .toList()
              .stream()
              .map(CompletableFuture::join)
              .toList();
      write(opened.getFirst(), "one");
      opened.forEach(db -> assertThat(count(db)).isEqualTo(1));
      opened.forEach(SqliteDatabase::close);
    }
  }

  @Test
  void whoDidNotGetTheLockWritesAllOrNothingAfterwards() throws Exception {
    Path file = folder.resolve("x.db");
    try (var db = SqliteDatabase.open(file, List.of(TABLE));
        var other = SqliteDatabase.open(file, List.of(TABLE))) {
      CompletableFuture<Void> refused = new CompletableFuture<>();
      CompletableFuture<Void> locked = new CompletableFuture<>();
      CompletableFuture<Boolean> holding =
          CompletableFuture.supplyAsync(
              () ->
                  other.write(
                      _ -> {
                        locked.complete(null);
                        refused.join();
                        return true;
                      }));
      locked.get(3, TimeUnit.MINUTES);
      assertThatThrownBy(() -> write(db, "refused")).hasMessageContaining("BUSY");
      refused.complete(null);
      holding.get(3, TimeUnit.MINUTES);

      assertThatThrownBy(() -> db.write(SqliteDatabaseTest::half)).hasMessage("on purpose");
      assertThat(count(db)).isZero();
      write(db, "taken");
      assertThat(count(other)).isEqualTo(1);
    }
  }

  private static boolean half(Connection connection) throws SQLException {
    connection.createStatement().execute("INSERT INTO note VALUES ('half')");
    throw new IllegalStateException("on purpose");
  }

  @Test
  void aFailedTransactionLeavesNothing() {
    try (var db = SqliteDatabase.open(folder.resolve("x.db"), List.of(TABLE))) {
      assertThatThrownBy(
              () ->
                  db.write(
                      connection -> {
                        connection.createStatement().execute("INSERT INTO note VALUES ('half')");
                        throw new IllegalStateException("on purpose");
                      }))
          .hasMessage("on purpose");
      assertThat(count(db)).isZero();
      write(db, "next");
      assertThat(count(db)).isEqualTo(1);
    }
  }

  @Test
  void theLogOfABusyDatabaseIsCarriedOverBesideItsWriterAndBeginsAnew() throws Exception {
    Path file = folder.resolve("busy.db");
    try (var db = SqliteDatabase.openBusy(file, List.of(TABLE))) {
      fill(db);
      int round = checkpointSequence(folder.resolve("busy.db-wal"));

      Await.until(
          () -> {
            // A writer that never rests leaves the checkpoint no moment at which it has all.
            LockSupport.parkNanos(REST_NANOS);
            write(db, "on");
            return checkpointSequence(folder.resolve("busy.db-wal")) > round;
          });

      assertThat(Files.size(file)).isGreaterThan(MEGABYTES);
      assertThat(count(db)).isGreaterThan(MEGABYTES / 1000);
    }
    assertThat(folder.resolve("busy.db-wal")).doesNotExist();
  }

  private static void fill(SqliteDatabase db) {
    db.write(
        connection ->
            connection
                .createStatement()
                .executeUpdate(
                    "INSERT INTO note WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM"
                        + " n"
                        + " WHERE i < %d) SELECT hex(zeroblob(500)) FROM n"
                            .formatted(MEGABYTES / 1000)));
  }

  /** Counts how often the log began anew (sqlite.org/fileformat2.html#walformat). */
  private static int checkpointSequence(Path log) {
    try (var in = Files.newInputStream(log)) {
      return ByteBuffer.wrap(in.readNBytes(32)).getInt(12);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aFileOfANewerProgramIsRefusedByName() {
    Path file = folder.resolve("x.db");
    SqliteDatabase.open(file, List.of(TABLE, "CREATE TABLE later (x INTEGER);")).close();
    assertThatThrownBy(() -> SqliteDatabase.open(file, List.of(TABLE)))
        .isInstanceOf(SqliteException.class)
        .hasMessageContaining("x.db")
        .hasMessageContaining("newer Concert");
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedByName() throws Exception {
    Path file = folder.resolve("x.db");
    Files.writeString(file, "this is certainly not a database, whatever its name says");
    assertThatThrownBy(() -> SqliteDatabase.open(file, List.of(TABLE)))
        .isInstanceOf(SqliteException.class)
        .hasMessageContaining("x.db");
  }

  private static void write(SqliteDatabase db, String text) {
    db.write(
        connection -> {
          try (var insert = connection.prepareStatement("INSERT INTO note (text) VALUES (?)")) {
            insert.setString(1, text);
            return insert.executeUpdate();
          }
        });
  }

  private static int count(SqliteDatabase db) {
    return db.read(
        connection -> {
          try (var rows = connection.createStatement().executeQuery("SELECT count(*) FROM note")) {
            return rows.getInt(1);
          }
        });
  }
}
