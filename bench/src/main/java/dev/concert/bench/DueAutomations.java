package dev.concert.bench;

import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automations.engine.ScheduleIndex;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.TenantStores;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Automations of one tenant that are all due in one second, written where no server runs yet. */
final class DueAutomations {
  private static final Duration A_YEAR = Duration.ofDays(365);

  private final Vertx vertx;
  private final Path data;
  private final String tenant;
  private final String owner;

  /**
   * @param data folder of the server
   */
  DueAutomations(Vertx vertx, Path data, String tenant, String owner) {
    this.vertx = vertx;
    this.data = data;
    this.tenant = tenant;
    this.owner = owner;
  }

  /** The tenant's file. */
  Path file() {
    return data.resolve("tenants").resolve(tenant).resolve("automations.db");
  }

  /**
   * Writes them, due some day. Blocking.
   *
   * @param agent of their runs; null for the usual one
   */
  void fill(int count, Instant made, String agent) throws Exception {
    Files.createDirectories(file().getParent());
    JdbcDatabases databases = new JdbcDatabases(vertx, _ -> file(), TenantStores.MIGRATIONS, 1);
    TenantStores stores = TenantStores.of(new FencedDatabase(databases, tenant, 0));
    Future<Void> all = Future.succeededFuture();
    for (int i = 0; i < count; i++) {
      AutomationRow row = row(i, made.plusMillis(i), agent);
      all = all.compose(_ -> stores.automations().insert(row));
    }
    await(all);
    await(databases.close());
    // That they were made would be told just when they are due.
    update(file(), "DELETE FROM news");
    Files.createDirectories(index().getParent());
    ScheduleIndex times = await(ScheduleIndex.open(vertx, index(), 0));
    await(times.lower(tenant, made.plus(A_YEAR)));
    await(times.close());
  }

  /** Makes all of them due, also where a server runs. Blocking. */
  void setDue(Instant due) throws SQLException {
    update(file(), "UPDATE automation SET next_ms = ?1, fire_ms = ?1", due);
    update(index(), "UPDATE tenant SET earliest_ms = ?1", due);
  }

  private Path index() {
    return data.resolve("automations").resolve("index.db");
  }

  private static void update(Path file, String sql) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        PreparedStatement update = connection.prepareStatement(sql)) {
      update.executeUpdate();
    }
  }

  private static void update(Path file, String sql, Instant due) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        PreparedStatement update = connection.prepareStatement(sql)) {
      update.setLong(1, due.toEpochMilli());
      update.executeUpdate();
    }
  }

  private AutomationRow row(int i, Instant made, String agent) {
    return new AutomationRow(
        "auto_%05d".formatted(i),
        "n" + i,
        AutomationRow.ENABLED,
        "",
        1,
        new AutomationTrigger(AutomationTrigger.Kind.CRON, "0 1 * * *", "UTC"),
        new AutomationTask("n" + i, agent, null, null, null, null),
        AutomationPolicy.DEFAULT,
        Optional.of(made.plus(A_YEAR)),
        owner,
        made,
        made,
        made,
        0);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.MINUTES);
  }
}
