package dev.concert.bench;

import dev.concert.automations.AutomationsOptions;
import dev.concert.automations.AutomationsVerticle;
import dev.concert.automations.store.TenantStores;
import dev.concert.bridge.ClientCalls.OperationReply;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.jdbc.JdbcDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How long it takes until every automation that is due in one second has a row for that time. Runs
 * begin under the caps and do not get on: their sessions are never made.
 *
 * <p>Argument: how many automations.
 */
public final class AutomationsDue {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Instant DUE = START.plus(Duration.ofHours(1));
  private static final long LOOK_MS = 20;
  private static final long LONGEST_NS = 120_000_000_000L;

  private final Vertx vertx = Vertx.vertx();
  private final int count;
  private final Path data;

  private AutomationsDue(int count, Path data) {
    this.count = count;
    this.data = data;
  }

  public static void main(String[] arguments) throws Exception {
    new AutomationsDue(Integer.parseInt(arguments[0]), Files.createTempDirectory("bench")).run();
    System.exit(0);
  }

  private void run() throws Exception {
    BusCodecs.register(vertx);
    new ConcertBus(vertx)
        .serve(Addresses.CALL_OPERATION, _ -> Promise.<OperationReply>promise().future());
    DueAutomations due = new DueAutomations(vertx, data, "t1", "anne");
    due.fill(count, START.minusMillis(count), null);
    due.setDue(DUE);
    AtomicReference<Instant> now = new AtomicReference<>(START);
    AutomationsOptions options =
        AutomationsOptions.from(
            ConfigReader.of(new JsonObject(), "automations"), data, data, Map.of());
    await(vertx.deployVerticle(new AutomationsVerticle(options, now::get, Duration.ofSeconds(1))));
    JdbcDatabase rows = await(JdbcDatabase.open(vertx, due.file(), TenantStores.MIGRATIONS, 1));
    long begun = System.nanoTime();
    now.set(DUE);
    int found = 0;
    while (found < count && System.nanoTime() - begun < LONGEST_NS) {
      Thread.sleep(LOOK_MS);
      found =
          await(rows.query("SELECT count(*) FROM slot", Tuple.tuple()))
              .iterator()
              .next()
              .getInteger(0);
    }
    System.out.printf(
        "| automations | rows | seconds until then |%n|---|---|---|%n| %d | %d | %.2f |%n",
        count, found, (System.nanoTime() - begun) / 1e9);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
  }
}
