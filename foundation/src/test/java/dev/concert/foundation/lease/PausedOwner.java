package dev.concert.foundation.lease;

import dev.concert.foundation.jdbc.JdbcDatabases;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;

/**
 * An owner in a process of its own: it changes the database and has an effect elsewhere, waits for
 * its standard input, and wants to do both once more.
 */
final class PausedOwner {
  static final String NAME = "work";
  static final Duration LENGTH = Duration.ofSeconds(6);
  static final List<String> SCHEMA =
      List.of(
          FencedDatabase.SCHEMA,
          "CREATE TABLE changes (id INTEGER PRIMARY KEY AUTOINCREMENT, owner TEXT NOT NULL)");

  private PausedOwner() {}

  public static void main(String[] arguments) {
    int exit = 1;
    try {
      own(arguments);
      exit = 0;
    } catch (Exception e) {
      e.printStackTrace();
    }
    // Vert.x's threads would keep the process alive.
    System.exit(exit);
  }

  private static void own(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[1]);
    Vertx vertx = Vertx.vertx();
    RedisLease lease = new RedisLease(vertx, arguments[0], "test", "one", LENGTH);
    LeaseTerm term = RedisLeaseTest.awaitTerm(lease, NAME);
    FencedDatabase database = database(vertx, folder, term);
    for (int i = 0; i < 3; i++) {
      change(database, "one");
      term.verifyHeld();
      effect(folder, "one");
    }
    effect(folder, "waits");
    System.in.read();
    try {
      term.verifyHeld();
      effect(folder, "one");
    } catch (LeaseLostException e) {
      effect(folder, "no effect");
    }
    try {
      change(database, "one");
    } catch (LeaseLostException e) {
      effect(folder, "no change");
    }
  }

  static FencedDatabase database(Vertx vertx, Path folder, LeaseTerm term) {
    JdbcDatabases databases =
        new JdbcDatabases(vertx, key -> folder.resolve(key + ".db"), SCHEMA, 1);
    return new FencedDatabase(databases, NAME, term.epoch());
  }

  static void change(FencedDatabase database, String owner) {
    try {
      database
          .update("INSERT INTO changes (owner) VALUES (?)", Tuple.of(owner))
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    } catch (java.util.concurrent.CompletionException e) {
      if (e.getCause() instanceof LeaseLostException lost) {
        throw lost;
      }
      throw e;
    }
  }

  static void effect(Path folder, String line) throws java.io.IOException {
    Files.writeString(
        folder.resolve("effects"),
        line + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }
}
