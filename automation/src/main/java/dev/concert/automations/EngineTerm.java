package dev.concert.automations;

import dev.concert.automation.AutomationMessages.ForgetAutomations;
import dev.concert.automations.delivery.Deliveries;
import dev.concert.automations.engine.FileWatches;
import dev.concert.automations.engine.NewsFeed;
import dev.concert.automations.engine.RunCaps;
import dev.concert.automations.engine.ScheduleIndex;
import dev.concert.automations.engine.TenantAutomations;
import dev.concert.automations.event.WebhookSecrets;
import dev.concert.automations.store.TenantStores;
import dev.concert.bus.Accepted;
import dev.concert.bus.ConcertBus;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.LeaseTerm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The automations of all tenants, as long as one term of this node lasts. The term's epoch is in
 * every change; before every effect elsewhere the term is asked whether it still lasts. On one
 * context.
 */
final class EngineTerm {
  private static final Logger LOG = LoggerFactory.getLogger(EngineTerm.class);
  private static final int OPEN_DATABASES = 256;
  private static final int TENANTS_AT_ONCE = 200;
  private static final Duration SEEN = Duration.ofSeconds(15);

  private final Vertx vertx;
  private final AutomationsOptions options;
  private final LeaseTerm term;
  private final ConcertBus bus;
  private final WebhookSecrets secrets;
  private final InstantSource clock;
  private final GatewayClient gateway;
  private final RunCaps caps;
  private final JdbcDatabases databases;
  private final ScheduleIndex index;
  private final Deliveries deliveries;
  private final Map<String, TenantAutomations> tenants = new HashMap<>();
  private final Map<String, FileWatches> files = new HashMap<>();
  private final List<Long> timers;
  private final Instant began;
  private Instant seen;
  private boolean looks;
  private boolean watches;
  private boolean isFailing;
  private boolean stopped;

  private EngineTerm(
      Vertx vertx,
      AutomationsOptions options,
      LeaseTerm term,
      ConcertBus bus,
      WebhookSecrets secrets,
      ScheduleIndex index,
      Deliveries deliveries,
      InstantSource clock,
      Duration interval) {
    this.vertx = vertx;
    this.options = options;
    this.term = term;
    this.bus = bus;
    this.secrets = secrets;
    this.index = index;
    this.deliveries = deliveries;
    this.clock = clock;
    this.gateway = new GatewayClient(bus, term::verifyHeld);
    this.caps = new RunCaps(options.perTenant(), options.perNode());
    this.databases =
        new JdbcDatabases(vertx, options::tenant, TenantStores.MIGRATIONS, OPEN_DATABASES);
    this.began = clock.instant();
    this.seen = began;
    this.timers =
        List.of(
            vertx.setPeriodic(interval.toMillis(), _ -> look()),
            vertx.setPeriodic(2 * interval.toMillis(), _ -> lookAtFiles()));
  }

  /**
   * Begins to look at what is due.
   *
   * @param interval between two looks
   */
  static Future<EngineTerm> open(
      Vertx vertx,
      AutomationsOptions options,
      LeaseTerm term,
      ConcertBus bus,
      WebhookSecrets secrets,
      InstantSource clock,
      Duration interval) {
    Path folder = options.folder();
    return ScheduleIndex.open(vertx, folder.resolve("index.db"), term.epoch())
        .compose(
            index ->
                Deliveries.open(vertx, folder, term, secrets, options.delivery(), bus, clock)
                    .map(
                        deliveries ->
                            new EngineTerm(
                                vertx,
                                options,
                                term,
                                bus,
                                secrets,
                                index,
                                deliveries,
                                clock,
                                interval))
                    .onFailure(_ -> index.close()))
        .compose(opened -> opened.begin().map(opened));
  }

  private Future<Void> begin() {
    return index
        .seen(began, began)
        .onSuccess(
            _ ->
                deliveries
                    .resume(this::database)
                    .onFailure(
                        failure -> LOG.warn("Cannot read what is to be delivered", failure)));
  }

  ScheduleIndex index() {
    return index;
  }

  GatewayClient gateway() {
    return gateway;
  }

  Deliveries deliveries() {
    return deliveries;
  }

  FencedDatabase database(String tenantId) {
    return new FencedDatabase(databases, tenantId, term.epoch());
  }

  TenantAutomations tenant(String tenantId) {
    return tenants.computeIfAbsent(
        tenantId,
        id -> {
          TenantStores stores = TenantStores.of(database(id));
          return new TenantAutomations(
              vertx,
              id,
              stores,
              index,
              caps,
              gateway,
              bus,
              options.agentType(),
              new NewsFeed(id, stores, bus, deliveries.of(database(id)), clock),
              clock);
        });
  }

  /** Looks at the tenants that have work now. */
  private void look() {
    Instant now = clock.instant();
    if (stopped || !term.isHeld()) {
      return;
    }
    if (Duration.between(seen, now).abs().compareTo(SEEN) >= 0) {
      seen = now;
      index.seen(began, now).onFailure(failure -> LOG.warn("Cannot note that we run", failure));
    }
    if (looks) {
      return;
    }
    looks = true;
    index
        .due(now, TENANTS_AT_ONCE)
        .compose(
            due -> {
              Future<Void> all = Future.succeededFuture();
              for (String tenantId : due) {
                all = all.compose(_ -> tenant(tenantId).look().otherwiseEmpty());
              }
              return all;
            })
        .onComplete(
            looked -> {
              looks = false;
              // Once: the next look is a second away.
              if (looked.failed() && !isFailing && !stopped) {
                LOG.warn("Cannot read which automations are due", looked.cause());
              }
              isFailing = looked.failed();
            });
  }

  private void lookAtFiles() {
    if (watches || stopped || !term.isHeld()) {
      return;
    }
    watches = true;
    index
        .watching()
        .compose(
            all -> {
              Future<Void> each = Future.succeededFuture();
              for (String tenantId : all) {
                each = each.compose(_ -> lookAtFiles(tenantId));
              }
              return each;
            })
        .onComplete(_ -> watches = false);
  }

  private Future<Void> lookAtFiles(String tenantId) {
    return files
        .computeIfAbsent(tenantId, id -> new FileWatches(tenant(id), id, bus, gateway, clock))
        .look();
  }

  /**
   * The files of the tenant are its gateway's: they are closed here, and removed there. Where nodes
   * share a folder, they are removed here.
   */
  Future<Accepted> forget(ForgetAutomations wanted) {
    String tenantId = wanted.tenantId();
    files.remove(tenantId);
    return Optional.ofNullable(tenants.remove(tenantId))
        .map(TenantAutomations::stop)
        .orElseGet(Future::succeededFuture)
        .compose(_ -> index.remove(tenantId))
        .compose(_ -> index.unwatch(tenantId))
        .compose(_ -> deliveries.forget(tenantId))
        .compose(_ -> secrets.removeAllOf(tenantId))
        .compose(_ -> databases.close(tenantId))
        .compose(_ -> options.isShared() ? removeFiles(tenantId) : Future.succeededFuture())
        .map(Accepted.ACCEPTED);
  }

  private Future<Void> removeFiles(String tenantId) {
    return vertx.executeBlocking(
        () -> {
          Path file = options.tenant(tenantId);
          for (String end : List.of("", "-wal", "-shm")) {
            Files.deleteIfExists(file.resolveSibling(file.getFileName() + end));
          }
          return null;
        });
  }

  /** Begins nothing new. Runs go on in the next term. */
  Future<Void> close() {
    stopped = true;
    timers.forEach(vertx::cancelTimer);
    Future<Void> delivered = deliveries.stop();
    return Future.join(tenants.values().stream().map(TenantAutomations::stop).toList())
        .compose(_ -> term.isHeld() ? index.seen(began, clock.instant()) : Future.succeededFuture())
        .eventually(() -> delivered)
        .eventually(deliveries::close)
        .eventually(databases::close)
        .eventually(index::close);
  }
}
