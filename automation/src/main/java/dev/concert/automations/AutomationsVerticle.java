package dev.concert.automations;

import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.ForgetAutomations;
import dev.concert.automation.AutomationMessages.ListSlots;
import dev.concert.automation.AutomationMessages.RenewWebhookSecret;
import dev.concert.automation.AutomationMessages.RenewedSecret;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.automations.blueprint.BlueprintFolder;
import dev.concert.automations.delivery.Deliveries;
import dev.concert.automations.delivery.DeliveryAdmin;
import dev.concert.automations.engine.AutomationAdmin;
import dev.concert.automations.engine.BlueprintAdmin;
import dev.concert.automations.engine.FileWatches;
import dev.concert.automations.engine.InboxAdmin;
import dev.concert.automations.engine.LostOwner;
import dev.concert.automations.engine.NewsFeed;
import dev.concert.automations.engine.RunAdmin;
import dev.concert.automations.engine.RunCaps;
import dev.concert.automations.engine.ScheduleIndex;
import dev.concert.automations.engine.TenantAutomations;
import dev.concert.automations.event.EventWebhooks;
import dev.concert.automations.event.WebhookSecrets;
import dev.concert.automations.run.RunAcceptance;
import dev.concert.automations.run.RunBundle;
import dev.concert.automations.store.TenantStores;
import dev.concert.automations.trigger.OutsideEvents;
import dev.concert.bus.Accepted;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.DeliveryAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.jdbc.JdbcDatabases;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.FileLease;
import dev.concert.foundation.lease.LeaseTerm;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The automation engine of this node. It holds the lease of all tenants' automations as long as it
 * runs; the epoch of that lease is in every change.
 */
public final class AutomationsVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(AutomationsVerticle.class);
  private static final int OPEN_DATABASES = 256;
  private static final int TENANTS_AT_ONCE = 200;

  /** A clock that jumps is noticed within this time. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private static final Duration SEEN = Duration.ofSeconds(15);

  private final AutomationsOptions options;
  private final InstantSource clock;
  private final Duration interval;
  private final Map<String, TenantAutomations> tenants = new HashMap<>();
  private final Map<String, FileWatches> files = new HashMap<>();
  private ConcertBus bus;
  private RunCaps caps;
  private LeaseTerm term;
  private ScheduleIndex index;
  private JdbcDatabases databases;
  private GatewayClient gateway;
  private BlueprintAdmin blueprints;
  private WebhookSecrets secrets;
  private Deliveries deliveries;
  private Instant began;
  private Instant seen;
  private boolean looks;
  private boolean watches;
  private boolean isFailing;
  private boolean stopped;

  public AutomationsVerticle(AutomationsOptions options) {
    this(options, InstantSource.system(), LOOK);
  }

  /**
   * @param clock by which automations are due
   * @param interval between two looks at what is due
   */
  public AutomationsVerticle(AutomationsOptions options, InstantSource clock, Duration interval) {
    this.options = options;
    this.clock = clock;
    this.interval = interval;
  }

  @Override
  public Future<?> start() {
    bus = new ConcertBus(vertx);
    gateway = new GatewayClient(bus);
    caps = new RunCaps(options.perTenant(), options.perNode());
    began = clock.instant();
    seen = began;
    return vertx
        .executeBlocking(this::acquire)
        .compose(
            acquired -> {
              term = acquired;
              return vertx.executeBlocking(() -> BlueprintFolder.read(options.blueprints()));
            })
        .compose(
            found -> {
              blueprints = new BlueprintAdmin(found);
              databases =
                  new JdbcDatabases(
                      vertx, options::tenant, TenantStores.MIGRATIONS, OPEN_DATABASES);
              return WebhookSecrets.open(vertx, options.secrets());
            })
        .compose(
            opened -> {
              secrets = opened;
              return Deliveries.open(
                  vertx, options.folder(), term, secrets, options.delivery(), bus, clock);
            })
        .compose(
            opened -> {
              deliveries = opened;
              return ScheduleIndex.open(vertx, options.folder().resolve("index.db"));
            })
        .compose(
            opened -> {
              index = opened;
              return index.seen(began, began);
            })
        .onSuccess(
            _ -> {
              serve();
              deliveries
                  .resume(this::database)
                  .onFailure(failure -> LOG.warn("Cannot read what is to be delivered", failure));
              vertx.setPeriodic(interval.toMillis(), _ -> look());
              vertx.setPeriodic(2 * interval.toMillis(), _ -> lookAtFiles());
            });
  }

  private LeaseTerm acquire() throws Exception {
    return new FileLease(options.folder())
        .tryAcquire("automations")
        .orElseThrow(
            () ->
                new IllegalStateException("Another process serves the automations of this folder"));
  }

  private void serve() {
    bus.serve(AutomationAddresses.CREATE_AUTOMATION, q -> admin(q.caller()).create(q));
    bus.serve(AutomationAddresses.UPDATE_AUTOMATION, q -> admin(q.caller()).update(q));
    bus.serve(AutomationAddresses.LIST_AUTOMATIONS, q -> admin(q.caller()).list(q));
    bus.serve(
        AutomationAddresses.GET_AUTOMATION,
        q -> admin(q.caller()).get(q.caller(), q.automationId()));
    bus.serve(
        AutomationAddresses.DELETE_AUTOMATION,
        q ->
            admin(q.caller())
                .delete(q.caller(), q.automationId())
                .compose(done -> secrets.remove(q.automationId()).map(done)));
    bus.serve(
        AutomationAddresses.PAUSE_AUTOMATION,
        q -> admin(q.caller()).pause(q.caller(), q.automationId()));
    bus.serve(
        AutomationAddresses.RESUME_AUTOMATION,
        q -> admin(q.caller()).resume(q.caller(), q.automationId()));
    bus.serve(
        AutomationAddresses.RUN_AUTOMATION,
        q -> admin(q.caller()).run(q.caller(), q.automationId(), Optional.ofNullable(q.payload())));
    bus.serve(AutomationAddresses.RENEW_WEBHOOK_SECRET, this::renewSecret);
    bus.serve(
        AutomationAddresses.DELIVER_EVENT,
        new EventWebhooks(secrets, (id, to, event) -> tenant(id).take(to, event), clock)::deliver);
    bus.serve(
        AutomationAddresses.TAKE_CHAT_EVENT,
        event -> ifAny(event.tenantId(), () -> outside(event.tenantId()).take(event)));
    bus.serve(
        AutomationAddresses.TAKE_REPOSITORY_EVENT,
        event -> ifAny(event.tenantId(), () -> outside(event.tenantId()).take(event)));
    bus.serve(
        AutomationAddresses.PREVIEW_TRIGGER,
        q -> Future.succeededFuture(AutomationAdmin.preview(q, clock.instant())));
    bus.serve(
        AutomationAddresses.LIST_SLOTS,
        q -> admin(q.caller()).slots(q.caller(), q.automationId(), before(q), q.limit()));
    bus.serve(
        AutomationAddresses.EXPLAIN_TIME,
        q -> admin(q.caller()).explain(q.caller(), q.automationId(), Instant.ofEpochMilli(q.at())));
    bus.serve(
        AutomationAddresses.LIST_BLUEPRINTS,
        _ -> Future.succeededFuture(blueprints.list(clock.instant())));
    bus.serve(AutomationAddresses.USE_BLUEPRINT, q -> blueprints.use(q, admin(q.caller())));
    bus.serve(
        AutomationAddresses.LIST_RUN_CHANGES,
        q -> runs(q.caller()).changes(q.caller(), q.automationId(), q.runId()));
    bus.serve(
        AutomationAddresses.ACCEPT_RUN,
        q -> runs(q.caller()).accept(q.caller(), q.automationId(), q.runId()));
    bus.serve(
        AutomationAddresses.FETCH_RUN_BRANCH,
        q -> runs(q.caller()).branch(q.caller(), q.automationId(), q.runId()));
    bus.serve(AutomationAddresses.LIST_INBOX, q -> inbox(q.caller()).list(q));
    bus.serve(
        AutomationAddresses.UPDATE_INBOX_ITEM,
        q -> inbox(q.caller()).update(q).onSuccess(_ -> tenant(q.caller().tenantId()).look()));
    bus.serve(
        AutomationAddresses.REPLY_TO_INBOX_ITEM,
        q -> inbox(q.caller()).reply(q).onSuccess(_ -> tenant(q.caller().tenantId()).look()));
    bus.serve(DeliveryAddresses.GET_INBOX_DELIVERY, q -> delivery(q.caller()).get(q));
    bus.serve(DeliveryAddresses.UPDATE_INBOX_DELIVERY, q -> delivery(q.caller()).update(q));
    bus.serve(DeliveryAddresses.TEST_INBOX_DELIVERY, q -> delivery(q.caller()).test(q));
    bus.serve(
        AutomationAddresses.UNDO_ITEM_CHANGE,
        q -> inbox(q.caller()).undo(q).onSuccess(_ -> tenant(q.caller().tenantId()).look()));
    bus.serve(AutomationAddresses.LIST_ITEM_HISTORY, q -> inbox(q.caller()).history(q));
    bus.serve(AutomationAddresses.LIST_INBOX_RULES, q -> inbox(q.caller()).rules(q));
    bus.serve(AutomationAddresses.CREATE_INBOX_RULE, q -> inbox(q.caller()).add(q));
    bus.serve(AutomationAddresses.DELETE_INBOX_RULE, q -> inbox(q.caller()).remove(q));
    bus.serve(
        AutomationAddresses.OWNER_LOST, q -> new LostOwner(tenant(q.tenantId()), clock).pause(q));
    bus.serve(AutomationAddresses.FORGET_AUTOMATIONS, this::forget);
  }

  private OutsideEvents outside(String tenantId) {
    return new OutsideEvents(tenantId, tenant(tenantId), bus, gateway);
  }

  /** A tenant that never had an automation has no database, and gets none by an event. */
  private Future<EventTaken> ifAny(String tenantId, Supplier<Future<EventTaken>> take) {
    return vertx
        .fileSystem()
        .exists(options.tenant(tenantId).toString())
        .compose(exists -> exists ? take.get() : Future.succeededFuture(new EventTaken(0)));
  }

  private Future<RenewedSecret> renewSecret(RenewWebhookSecret wanted) {
    return admin(wanted.caller())
        .get(wanted.caller(), wanted.automationId())
        .compose(
            found -> {
              if (found.trigger().kind() != AutomationTrigger.Kind.WEBHOOK) {
                throw new ConcertException(
                    ErrorCode.INVALID_MESSAGE,
                    "This automation has no webhook. Give it a trigger of the kind webhook first.");
              }
              return secrets.renew(wanted.caller().tenantId(), found.automationId());
            })
        .map(RenewedSecret::new);
  }

  private static Optional<Instant> before(ListSlots wanted) {
    return Optional.ofNullable(wanted.before()).map(Instant::ofEpochMilli);
  }

  private AutomationAdmin admin(Caller caller) {
    return new AutomationAdmin(caller.tenantId(), tenant(caller.tenantId()), index, gateway, clock);
  }

  private RunAdmin runs(Caller caller) {
    return new RunAdmin(
        tenant(caller.tenantId()),
        admin(caller),
        new RunAcceptance(bus, gateway),
        new RunBundle(bus, gateway));
  }

  private InboxAdmin inbox(Caller caller) {
    return new InboxAdmin(tenant(caller.tenantId()).stores(), gateway, clock);
  }

  private DeliveryAdmin delivery(Caller caller) {
    return deliveries.admin(database(caller.tenantId()));
  }

  private FencedDatabase database(String tenantId) {
    return new FencedDatabase(databases, tenantId, term.epoch());
  }

  private TenantAutomations tenant(String tenantId) {
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
    if (Duration.between(seen, now).abs().compareTo(SEEN) >= 0) {
      seen = now;
      index.seen(began, now).onFailure(failure -> LOG.warn("Cannot note that we run", failure));
    }
    if (looks || stopped) {
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
    if (watches || stopped) {
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

  /** The files of the tenant are its gateway's: they are closed here, and removed there. */
  private Future<Accepted> forget(ForgetAutomations wanted) {
    files.remove(wanted.tenantId());
    Optional<TenantAutomations> tenant = Optional.ofNullable(tenants.remove(wanted.tenantId()));
    return tenant
        .map(TenantAutomations::stop)
        .orElseGet(Future::succeededFuture)
        .compose(_ -> index.remove(wanted.tenantId()))
        .compose(_ -> index.unwatch(wanted.tenantId()))
        .compose(_ -> deliveries.forget(wanted.tenantId()))
        .compose(_ -> secrets.removeAllOf(wanted.tenantId()))
        .compose(_ -> databases.close(wanted.tenantId()))
        .map(Accepted.ACCEPTED);
  }

  @Override
  public Future<?> stop() {
    if (index == null) {
      return Future.succeededFuture();
    }
    stopped = true;
    return Future.join(tenants.values().stream().map(TenantAutomations::stop).toList())
        .compose(_ -> index.seen(began, clock.instant()))
        .eventually(deliveries::close)
        .eventually(databases::close)
        .eventually(index::close)
        .eventually(secrets::close)
        .eventually(
            () ->
                vertx.executeBlocking(
                    () -> {
                      term.close();
                      return null;
                    }));
  }
}
