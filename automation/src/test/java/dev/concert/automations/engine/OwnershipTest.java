package dev.concert.automations.engine;

import static dev.concert.automations.engine.Engine.ANNE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.automation.AutomationMessages;
import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.InboxItem;
import dev.concert.automation.AutomationMessages.OwnerLost;
import dev.concert.automation.AutomationPolicy;
import dev.concert.automation.AutomationTask;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automations.store.AutomationRow;
import dev.concert.automations.store.TenantStores;
import dev.concert.bus.AutomationAddresses;
import dev.concert.foundation.jdbc.JdbcDatabase;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.testing.Await;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose automations run, and of how many tenants and times the engine takes care. */
class OwnershipTest {
  private static final Instant START = Instant.parse("2026-03-02T00:00:00Z");
  private static final Instant DUE = START.plus(Duration.ofHours(1));

  /** Automations that are due in one second. */
  private static final int MANY = Integer.getInteger("concert.automations.due", 600);

  @TempDir Path data;

  private final FakeGateway gateway = new FakeGateway();

  private static List<InboxItem> inbox(Engine engine, Caller who) {
    return engine
        .ask(AutomationAddresses.LIST_INBOX, new AutomationMessages.ListInbox(who, "open", 10))
        .items();
  }

  @Test
  void theAutomationsOfALostOwnerArePausedAtOnceWithNoticesAndThoseOfOthersRun() {
    Caller ben = new Caller("t1", "ben", true);
    try (Engine engine = new Engine(data, gateway, START)) {
      String lost = engine.create(ANNE, "anne's", "PT1H", null).automationId();
      engine.create(ben, "ben's", "PT1H", null);
      OwnerLost left = new OwnerLost("t1", "anne", "Its owner is no member any more.", "ben");
      engine.ask(AutomationAddresses.OWNER_LOST, left);
      engine.ask(AutomationAddresses.OWNER_LOST, left);
      engine.ask(
          AutomationAddresses.OWNER_LOST, new OwnerLost("t2", "ben", "Another tenant's.", "x"));

      AutomationMessages.Automation paused =
          engine.ask(
              AutomationAddresses.GET_AUTOMATION, new AutomationMessages.GetAutomation(ben, lost));
      assertThat(paused.state()).isEqualTo("disabled");
      assertThat(paused.stateReason()).isEqualTo("Its owner is no member any more.");
      assertThat(inbox(engine, ben))
          .singleElement()
          .satisfies(item -> assertThat(item.title()).isEqualTo("Disabled: anne's"));
      assertThat(inbox(engine, ANNE)).hasSize(1);
      engine.moveTo(DUE);
      Await.until("ben's run", () -> gateway.begun().size() == 1);
    }
    assertThat(gateway.begun()).containsExactly("ben's");
  }

  @Test
  void tenantsThatSleepStayClosed() throws IOException {
    Vertx vertx = Vertx.vertx();
    Path folder = Files.createDirectories(data.resolve("automations"));
    JdbcDatabase index =
        Engine.get(
            JdbcDatabase.open(vertx, folder.resolve("index.db"), ScheduleIndex.MIGRATIONS, 1));
    Engine.get(
        index.update(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 10000)
            INSERT INTO tenant SELECT 'sleeper' || i, ? FROM n
            """,
            Tuple.of(START.plus(Duration.ofDays(1)).toEpochMilli())));
    Engine.get(index.close());
    Engine.get(vertx.close());
    try (Engine engine = new Engine(data, gateway, START)) {
      String id = engine.create(ANNE, "awake", "PT1H", null).automationId();
      engine.moveTo(DUE);
      Await.until("the run", () -> engine.states(id).equals(List.of("done")));
    }
    try (Stream<Path> opened = Files.list(data.resolve("tenants"))) {
      assertThat(opened.map(one -> one.getFileName().toString())).containsExactly("t1");
    }
  }

  @Test
  void allThatAreDueInOneSecondAreRowsAndRunInOrderUnderTheCap() throws IOException {
    Vertx vertx = Vertx.vertx();
    fill(vertx);
    gateway.hold();
    try (Engine engine = new Engine(data, gateway, START, 8)) {
      engine.moveTo(DUE);
      JdbcDatabase rows =
          Engine.get(
              JdbcDatabase.open(
                  vertx, data.resolve("tenants/t1/automations.db"), TenantStores.MIGRATIONS, 1));
      Await.until("all are rows", () -> count(rows, "state IN ('due', 'claimed')") == MANY);
      Await.until("as many runs as may be", () -> gateway.begun().size() == 8);
      assertThat(gateway.begun())
          .containsExactlyInAnyOrder("n0", "n1", "n2", "n3", "n4", "n5", "n6", "n7");
      gateway.release();
      Await.until("200 runs", () -> count(rows, "state = 'done'") >= 200);
      assertThat(count(rows, "state NOT IN ('due', 'claimed', 'done')")).isZero();
      Engine.get(rows.close());
    }
    Engine.get(vertx.close());
  }

  private static int count(JdbcDatabase rows, String where) {
    return Engine.get(rows.query("SELECT count(*) FROM slot WHERE " + where, Tuple.tuple()))
        .iterator()
        .next()
        .getInteger(0);
  }

  private void fill(Vertx vertx) throws IOException {
    Files.createDirectories(data.resolve("tenants/t1"));
    Path folder = Files.createDirectories(data.resolve("automations"));
    JdbcDatabases databases =
        new JdbcDatabases(
            vertx,
            tenant -> data.resolve("tenants").resolve(tenant).resolve("automations.db"),
            TenantStores.MIGRATIONS,
            1);
    TenantStores stores = TenantStores.of(new FencedDatabase(databases, "t1", 0));
    Future<Void> all = Future.succeededFuture();
    for (int i = 0; i < MANY; i++) {
      AutomationRow row = row(i);
      all = all.compose(_ -> stores.automations().insert(row));
    }
    Engine.get(all);
    Engine.get(databases.close());
    ScheduleIndex index = Engine.get(ScheduleIndex.open(vertx, folder.resolve("index.db"), 0));
    Engine.get(index.lower("t1", DUE));
    Engine.get(index.close());
  }

  private static AutomationRow row(int i) {
    Instant made = START.minusMillis(MANY - i);
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
}
