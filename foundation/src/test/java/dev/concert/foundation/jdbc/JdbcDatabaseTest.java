package dev.concert.foundation.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.foundation.sqlite.SqliteDatabase;
import dev.concert.testing.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcDatabaseTest {
  static final String TABLE =
      "CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT, flag INTEGER);";
  private static final String INSERT = "INSERT INTO note (text, flag) VALUES (?, ?)";

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private JdbcDatabase db;

  /** Inserts for ever; each number that was answered goes to the standard output. */
  static final class Inserter {
    public static void main(String[] arguments) {
      Vertx vertx = Vertx.vertx();
      JdbcDatabase db = get(open(vertx, Path.of(arguments[0])));
      for (int number = 0; ; number++) {
        get(db.update(INSERT, Tuple.of(Integer.toString(number), false)));
        System.out.println(number);
      }
    }
  }

  @BeforeEach
  void open() {
    db = get(open(vertx, folder.resolve("new/folder/a.db")));
  }

  @AfterEach
  void close() {
    get(db.close());
    get(vertx.close());
  }

  private static Future<JdbcDatabase> open(Vertx vertx, Path file) {
    return JdbcDatabase.open(vertx, file, List.of(TABLE), 2);
  }

  @Test
  void whatWasWrittenIsReadWithItsTypes() {
    get(db.update(INSERT, Tuple.of("text", true)));
    get(db.update(INSERT, Tuple.of(null, false)));
    List<Row> rows = rows("SELECT * FROM note ORDER BY id");
    assertThat(rows.getFirst().getString("text")).isEqualTo("text");
    assertThat(rows.getFirst().getInteger("flag")).isEqualTo(1);
    assertThat(rows.getLast().getString("text")).isNull();
    assertThat(rows.getLast().getLong("id")).isEqualTo(2);
  }

  @Test
  void whatAVerticleAskedForIsDoneAndAnsweredWhileItStops() {
    for (int round = 0; round < 20; round++) {
      List<Future<?>> asked = new ArrayList<>();
      String deployment =
          get(
              vertx.deployVerticle(
                  new VerticleBase() {
                    @Override
                    public Future<?> start() {
                      asked.add(db.update(INSERT, Tuple.of("started", false)));
                      return asked.getFirst();
                    }

                    @Override
                    public Future<?> stop() {
                      asked.add(db.update(INSERT, Tuple.of("stopped", false)));
                      asked.add(db.query("SELECT * FROM note", Tuple.tuple()));
                      return Future.succeededFuture();
                    }
                  }));
      get(vertx.undeploy(deployment));
      get(Future.all(asked));
    }
    assertThat(count()).isEqualTo(40);
  }

  @Test
  void aReadSeesEveryWriteThatWasRequestedBeforeIt() {
    IntStream.range(0, 200).forEach(i -> db.update(INSERT, Tuple.of("n" + i, false)));
    assertThat(count()).isEqualTo(200);
  }

  @Test
  void aTransactionIsAppliedAsAWholeOrNotAtAll() {
    Future<Object> failed =
        db.transaction(
            c -> insert(c, "lost").compose(_ -> Future.failedFuture(new IOException("no more"))));
    assertThatThrownBy(() -> get(failed)).hasMessageContaining("no more");
    Future<Object> thrown =
        db.transaction(
            c -> {
              throw new IllegalStateException("defect");
            });
    assertThatThrownBy(() -> get(thrown)).hasMessageContaining("defect");
    assertThat(count()).isZero();
    get(db.transaction(c -> insert(c, "a").compose(_ -> insert(c, "b"))));
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void manyTransactionsAtTheSameTimeLoseNoIncrement() {
    get(db.update("INSERT INTO note (id, flag) VALUES (1, 0)", Tuple.tuple()));
    List<Future<Object>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      all.add(
          db.transaction(
              c ->
                  c.query("SELECT flag FROM note WHERE id = 1")
                      .execute()
                      .map(rows -> rows.iterator().next().getInteger("flag"))
                      .compose(
                          n ->
                              c.preparedQuery("UPDATE note SET flag = ? WHERE id = 1")
                                  .execute(Tuple.of(n + 1)))
                      .mapEmpty()));
    }
    get(Future.all(all));
    assertThat(rows("SELECT flag FROM note").getFirst().getInteger("flag")).isEqualTo(50);
  }

  @Test
  void aStatementThatIsRefusedChangesNothingAndTheNextOneWorks() {
    get(db.update("INSERT INTO note (id) VALUES (1)", Tuple.tuple()));
    Future<?> twice = db.update("INSERT INTO note (id) VALUES (1)", Tuple.tuple());
    assertThatThrownBy(() -> get(twice)).hasMessageContaining("UNIQUE");
    Future<?> wrong = db.update("INSERT INTO nowhere VALUES (1)", Tuple.tuple());
    assertThatThrownBy(() -> get(wrong)).hasMessageContaining("nowhere");
    get(db.update("INSERT INTO note (id) VALUES (2)", Tuple.tuple()));
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void aFullDiskFailsTheWriteAndKeepsWhatWasThere() {
    get(db.update(INSERT, Tuple.of("kept", false)));
    // The limit belongs to the connection, and there is one writer.
    get(db.update("PRAGMA max_page_count = 8", Tuple.tuple()));
    Future<?> tooMuch = db.update(INSERT, Tuple.of("x".repeat(200_000), false));
    assertThatThrownBy(() -> get(tooMuch)).hasMessageContaining("full");
    assertThat(count()).isEqualTo(1);
    Future<?> inTransaction = db.transaction(c -> insert(c, "x".repeat(200_000)));
    assertThatThrownBy(() -> get(inTransaction)).hasMessageContaining("full");
    get(db.update(INSERT, Tuple.of("small", false)));
    assertThat(count()).isEqualTo(2);
  }

  @Test
  void aWriterWaitsForTheLockOfAnotherProcess() throws Exception {
    CompletableFuture<Void> locked = new CompletableFuture<>();
    CompletableFuture<Void> release = new CompletableFuture<>();
    Thread holder =
        Thread.startVirtualThread(
            () -> {
              try (var other =
                  SqliteDatabase.open(folder.resolve("new/folder/a.db"), List.of(TABLE))) {
                other.write(
                    _ -> {
                      locked.complete(null);
                      return release.join();
                    });
              }
            });
    locked.get(3, TimeUnit.MINUTES);
    Future<?> waiting = db.update(INSERT, Tuple.of("late", false));
    release.complete(null);
    get(waiting);
    holder.join();
    assertThat(count()).isEqualTo(1);
  }

  @Test
  void futuresCompleteOnTheCallersContext() throws Exception {
    CompletableFuture<Boolean> same = new CompletableFuture<>();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        _ -> {
          db.update(INSERT, Tuple.of("a", false));
          db.query("SELECT 1", Tuple.tuple())
              .onComplete(_ -> same.complete(Vertx.currentContext() == context));
        });
    assertThat(same.get(3, TimeUnit.MINUTES)).isTrue();
  }

  @Test
  void aFileOfANewerProgramIsRefusedByName() {
    Path file = folder.resolve("newer.db");
    SqliteDatabase.open(file, List.of(TABLE, "SELECT 1;")).close();
    assertThatThrownBy(() -> get(open(vertx, file)))
        .hasMessageContaining("newer.db")
        .hasMessageContaining("schema version is 2");
  }

  @Test
  void aFileThatIsNoDatabaseIsRefusedByNameAndStaysAsItIs() throws Exception {
    Path file = Files.writeString(folder.resolve("text.db"), "no database, just text".repeat(100));
    assertThatThrownBy(() -> get(open(vertx, file))).hasMessageContaining("text.db");
    assertThat(file).hasContent("no database, just text".repeat(100));
  }

  @Test
  void whatWasAnsweredSurvivesAKill() throws Exception {
    Path file = folder.resolve("killed.db");
    Path answered = folder.resolve("answered");
    Process inserter = start(file, answered);
    Await.until(() -> answers(answered) > 60);
    inserter.destroyForcibly().waitFor(3, TimeUnit.MINUTES);
    String output = Files.readString(answered);
    // The last line may be cut off.
    List<String> numbers =
        output.substring(0, output.lastIndexOf('\n') + 1).lines().filter(isNumber()).toList();
    JdbcDatabase after = get(open(vertx, file));
    List<String> kept = new ArrayList<>();
    get(after.query("SELECT text FROM note ORDER BY id", Tuple.tuple()))
        .forEach(row -> kept.add(row.getString("text")));
    get(after.close());
    assertThat(kept).containsAll(numbers);
    assertThat(numbers).hasSizeGreaterThan(50);
  }

  private static long answers(Path output) {
    try {
      return Files.exists(output) ? Files.readString(output).lines().filter(isNumber()).count() : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  /** A program may print lines of its logging besides. */
  private static Predicate<String> isNumber() {
    return line -> line.matches("\\d+");
  }

  private static Future<Object> insert(SqlConnection connection, String text) {
    return connection.preparedQuery(INSERT).execute(Tuple.of(text, false)).mapEmpty();
  }

  private long count() {
    return rows("SELECT COUNT(*) AS n FROM note").getFirst().getLong("n");
  }

  private List<Row> rows(String sql) {
    List<Row> rows = new ArrayList<>();
    get(db.query(sql, Tuple.tuple())).forEach(rows::add);
    return rows;
  }

  static <T> T get(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new IllegalStateException(e.getCause() == null ? e : e.getCause());
    }
  }

  private static Process start(Path file, Path answered) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-Dvertx.disableDnsResolver=true",
            "-cp",
            System.getProperty("java.class.path"),
            Inserter.class.getName(),
            file.toString())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .redirectOutput(answered.toFile())
        .start();
  }
}
