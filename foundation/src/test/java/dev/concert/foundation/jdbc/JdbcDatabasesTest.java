package dev.concert.foundation.jdbc;

import static dev.concert.foundation.jdbc.JdbcDatabaseTest.get;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.testing.Await;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JdbcDatabasesTest {
  private static final int LIMIT = 3;
  private static final int KEYS = 20;

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();

  private JdbcDatabases databases() {
    return new JdbcDatabases(
        vertx, key -> folder.resolve(key).resolve("x.db"), List.of(JdbcDatabaseTest.TABLE), LIMIT);
  }

  @AfterEach
  void close() {
    get(vertx.close());
  }

  @Test
  void eachKeyHasAFileOfItsOwnThatOutlivesItsEviction() {
    JdbcDatabases databases = databases();
    get(Future.all(IntStream.range(0, KEYS).mapToObj(i -> insert(databases, "k" + i)).toList()));
    for (int i = 0; i < KEYS; i++) {
      assertThat(count(databases, "k" + i)).isEqualTo(1);
      assertThat(databases.size()).isLessThanOrEqualTo(LIMIT);
    }
    get(databases.close());
  }

  @Test
  void afterTheEndNoFileIsOpenedAgain() {
    JdbcDatabases databases = databases();
    get(insert(databases, "k"));
    get(databases.close());

    assertThatThrownBy(() -> get(insert(databases, "k"))).hasMessageContaining("are closed");
    assertThatThrownBy(() -> get(insert(databases, "other"))).hasMessageContaining("are closed");
    assertThat(folder.resolve("other")).doesNotExist();
  }

  @Test
  void theNumberOfOpenFilesIsBounded() {
    Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self/fd")), "there is no /proc");
    JdbcDatabases databases = databases();
    for (int i = 0; i < KEYS; i++) {
      get(insert(databases, "k" + i));
      count(databases, "k" + i);
    }
    Await.until(() -> openFiles() <= LIMIT);
    get(databases.close());
    Await.until(() -> openFiles() == 0);
  }

  @Test
  void whoWaitsForAFileThatOthersOpenIsAnsweredOnTheirOwnContext() {
    JdbcDatabases databases = databases();
    answersEachOnItsOwnContext(databases);
    get(databases.close());
  }

  @Test
  void whoUsesAFileThatOthersHaveOpenedIsAnsweredOnTheirOwnContext() {
    JdbcDatabases databases = databases();
    Promise<Void> opened = Promise.promise();
    ((VertxInternal) vertx)
        .createEventLoopContext()
        .runOnContext(_ -> insert(databases, "one").<Void>mapEmpty().onComplete(opened));
    get(opened.future());

    answersEachOnItsOwnContext(databases);

    get(databases.close());
  }

  @Test
  void aFileStaysOpenWhenTheVerticleThatOpenedItIsUndeployed() {
    JdbcDatabases databases = databases();
    String opener =
        get(
            vertx.deployVerticle(
                new VerticleBase() {
                  @Override
                  public Future<?> start() {
                    return insert(databases, "one");
                  }
                }));
    get(vertx.undeploy(opener));

    get(insert(databases, "one"));
    assertThat(count(databases, "one")).isEqualTo(2);
    get(databases.close());
  }

  private void answersEachOnItsOwnContext(JdbcDatabases databases) {
    List<Future<Boolean>> own = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      Promise<Boolean> answered = Promise.promise();
      Context context = ((VertxInternal) vertx).createEventLoopContext();
      context.runOnContext(
          _ ->
              insert(databases, "one")
                  .onComplete(_ -> answered.complete(Vertx.currentContext() == context)));
      own.add(answered.future());
    }
    own.forEach(answer -> assertThat(get(answer)).isTrue());
  }

  @Test
  void aDatabaseInUseIsClosedOnlyAfterItsWork() {
    JdbcDatabases databases = databases();
    Promise<Void> goOn = Promise.promise();
    Future<?> slow =
        databases.with(
            "slow",
            db ->
                goOn.future()
                    .compose(
                        _ -> db.update("INSERT INTO note (text) VALUES ('late')", Tuple.tuple())));
    for (int i = 0; i < KEYS; i++) {
      get(insert(databases, "k" + i));
    }
    goOn.complete();
    get(slow);
    assertThat(count(databases, "slow")).isEqualTo(1);
    get(databases.close());
  }

  @Test
  void aFileThatCannotBeOpenedIsTriedAgainAtItsNextUse() throws Exception {
    Path inTheWay = Files.createFile(folder.resolve("k"));
    JdbcDatabases databases = databases();
    assertThatThrownBy(() -> get(insert(databases, "k"))).hasMessageContaining("x.db");
    Files.delete(inTheWay);
    get(insert(databases, "k"));
    assertThat(count(databases, "k")).isEqualTo(1);
    get(databases.close());
  }

  @Test
  void aCloseWaitsForTheWorkUnderWay() {
    JdbcDatabases databases = databases();
    Future<?> writing =
        Future.all(IntStream.range(0, 50).mapToObj(_ -> insert(databases, "k")).toList());
    get(databases.close());
    get(writing);
    JdbcDatabases again = databases();
    assertThat(count(again, "k")).isEqualTo(50);
    get(again.close());
  }

  private static Future<Object> insert(JdbcDatabases databases, String key) {
    return databases.with(
        key, db -> db.update("INSERT INTO note (text) VALUES ('a')", Tuple.tuple()).mapEmpty());
  }

  private static long count(JdbcDatabases databases, String key) {
    return get(
        databases.with(
            key,
            db ->
                db.query("SELECT COUNT(*) AS n FROM note", Tuple.tuple())
                    .map(rows -> rows.iterator().next().getLong("n"))));
  }

  /** Distinct database files of this test that this process has open. */
  private long openFiles() {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .map(JdbcDatabasesTest::target)
          .filter(Objects::nonNull)
          .filter(target -> target.startsWith(folder) && target.endsWith("x.db"))
          .distinct()
          .count();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor);
    } catch (IOException closedMeanwhile) {
      return null;
    }
  }
}
