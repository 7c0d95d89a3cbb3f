package dev.concert.bench;

import dev.concert.automations.store.TenantStores;
import dev.concert.bus.BusCodecs;
import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.platform.command.Main;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/**
 * How long a person's turns take alone, and while automations are due in one second whose runs
 * begin under the caps, with real agents. Each round is a server of its own, and the two kinds take
 * turns.
 *
 * <p>Arguments: how many automations, turns in a round, rounds of each kind.
 */
public final class TurnsBesideDue {
  private static final int WARM_UP = 30;
  private static final int EVERY_MS = 200;

  private static final String TENANT = "dev";
  private static final String OWNER = "dev-user-001";

  private final Path home = Path.of(System.getProperty("concert.home"));
  private final int count;
  private final int turns;

  private TurnsBesideDue(int count, int turns) {
    this.count = count;
    this.turns = turns;
  }

  public static void main(String[] arguments) throws Exception {
    TurnsBesideDue bench =
        new TurnsBesideDue(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    System.out.printf(
        "| round | due | turns | p50 ms | p99 ms | max ms | times with a row | runs ended |%n"
            + "|---|---|---|---|---|---|---|---|%n");
    Histogram alone = new Histogram(3);
    Histogram beside = new Histogram(3);
    for (int round = 1; round <= Integer.parseInt(arguments[2]); round++) {
      alone.add(bench.round(round, 0));
      beside.add(bench.round(round, bench.count));
    }
    print("all", 0, alone, "", "");
    print("all", bench.count, beside, "", "");
    System.out.printf(
        "p99 moves by %.0f %%%n",
        100.0 * beside.getValueAtPercentile(99) / alone.getValueAtPercentile(99) - 100);
    System.exit(0);
  }

  private static void print(String round, int due, Histogram seen, String rows, String ended) {
    System.out.printf(
        "| %s | %d | %d | %.1f | %.1f | %.1f | %s | %s |%n",
        round,
        due,
        seen.getTotalCount(),
        seen.getValueAtPercentile(50) / 1e6,
        seen.getValueAtPercentile(99) / 1e6,
        seen.getMaxValue() / 1e6,
        rows,
        ended);
  }

  private Histogram round(int round, int due) throws Exception {
    Path data = Files.createTempDirectory("bench").resolve("data");
    Vertx vertx = Vertx.vertx();
    BusCodecs.register(vertx);
    DueAutomations automations = new DueAutomations(vertx, data, TENANT, OWNER);
    // The other kind has the same file, and nothing in it is due.
    automations.fill(count, Instant.now(), "echo");
    try (Child server = start(data)) {
      String line = server.line("ready");
      int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
      try (TimedTurns person = new TimedTurns(port)) {
        person.run(WARM_UP, EVERY_MS);
        if (due > 0) {
          Instant at = Instant.now().plusSeconds(2).truncatedTo(ChronoUnit.SECONDS);
          automations.setDue(at);
          TimeUnit.MILLISECONDS.sleep(Duration.between(Instant.now(), at).toMillis());
        }
        Histogram seen = person.run(turns, EVERY_MS);
        int[] rows = rows(vertx, automations.file());
        print("" + round, due, seen, "" + rows[0], "" + rows[1]);
        return seen;
      }
    } finally {
      await(vertx.close());
    }
  }

  private Child start(Path data) throws Exception {
    List<String> flags = new ArrayList<>(Child.usualFlags());
    flags.add("-Dconcert.home=" + home);
    return Child.start(
        Child.java(flags, Main.class, "up", "--port", "0", "--data", data.toString()), Map.of());
  }

  /** Of the times that have a row, and of runs that have ended. */
  private static int[] rows(Vertx vertx, Path file) throws Exception {
    JdbcDatabase database = await(JdbcDatabase.open(vertx, file, TenantStores.MIGRATIONS, 1));
    Row row =
        await(
                database.query(
                    "SELECT (SELECT count(*) FROM slot),"
                        + " (SELECT count(*) FROM run WHERE ended_ms IS NOT NULL)",
                    Tuple.tuple()))
            .iterator()
            .next();
    int[] counted = {row.getInteger(0), row.getInteger(1)};
    await(database.close());
    return counted;
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
  }
}
