package dev.concert.bench;

import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automations.AutomationsOptions;
import dev.concert.automations.AutomationsVerticle;
import dev.concert.automations.engine.ScheduleIndex;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.TenantStores;
import dev.concert.bridge.ClientCalls.OperationReply;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
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
import java.util.Optional;
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
    fill();
    AtomicReference<Instant> now = new AtomicReference<>(START);
    AutomationsOptions options =
        AutomationsOptions.from(
            ConfigReader.of(new JsonObject(), "automations"), data, data, Map.of());
    await(vertx.deployVerticle(new AutomationsVerticle(options, now::get, Duration.ofSeconds(1))));
    JdbcDatabase rows = await(JdbcDatabase.open(vertx, file("t1"), TenantStores.MIGRATIONS, 1));
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

  private Path file(String tenant) {
    return data.resolve("tenants").resolve(tenant).resolve("automations.db");
  }

  private void fill() throws Exception {
    Files.createDirectories(file("t1").getParent());
    Path folder = Files.createDirectories(data.resolve("automations"));
    JdbcDatabases databases = new JdbcDatabases(vertx, this::file, TenantStores.MIGRATIONS, 1);
    TenantStores stores = TenantStores.of(new FencedDatabase(databases, "t1", 0));
    Future<Void> all = Future.succeededFuture();
    for (int i = 0; i < count; i++) {
      AutomationRow row = row(i);
      all = all.compose(_ -> stores.automations().insert(row));
    }
    await(all);
    await(databases.close());
    ScheduleIndex index = await(ScheduleIndex.open(vertx, folder.resolve("index.db"), 0));
    await(index.lower("t1", DUE));
    await(index.close());
  }

  private AutomationRow row(int i) {
    Instant made = START.minusMillis(count - i);
    return new AutomationRow(
        "auto_%05d".formatted(i),
        "n" + i,
        AutomationRow.ENABLED,
        "",
        1,
        new AutomationTrigger(AutomationTrigger.Kind.CRON, "0 1 * * *", "UTC"),
        new AutomationTask("n" + i, null, null, null, null, null),
        AutomationPolicy.DEFAULT,
        Optional.of(DUE),
        "anne",
        made,
        made,
        made,
        0);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
  }
}
