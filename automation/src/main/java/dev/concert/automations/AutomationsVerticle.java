package dev.concert.automations;

import dev.concert.automation.AutomationMessages.Caller;
import dev.concert.automation.AutomationMessages.ListSlots;
import dev.concert.automation.AutomationMessages.RenewWebhookSecret;
import dev.concert.automation.AutomationMessages.RenewedSecret;
import dev.concert.automation.AutomationTrigger;
import dev.concert.automation.EventMessages.EventTaken;
import dev.concert.automations.blueprint.BlueprintFolder;
import dev.concert.automations.delivery.DeliveryAdmin;
import dev.concert.automations.delivery.DeviceAdmin;
import dev.concert.automations.engine.AutomationAdmin;
import dev.concert.automations.engine.BlueprintAdmin;
import dev.concert.automations.engine.InboxAdmin;
import dev.concert.automations.engine.LostOwner;
import dev.concert.automations.engine.RunAdmin;
import dev.concert.automations.engine.TenantAutomations;
import dev.concert.automations.event.EventWebhooks;
import dev.concert.automations.event.WebhookSecrets;
import dev.concert.automations.run.RunAcceptance;
import dev.concert.automations.run.RunBundle;
import dev.concert.automations.trigger.OutsideEvents;
import dev.concert.bus.AutomationAddresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.DeliveryAddresses;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.lease.Lease;
import dev.concert.foundation.lease.LeaseCandidate;
import dev.concert.foundation.lease.OwnerOperations;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The automation engine of this node. The node that holds the lease runs the automations of all
 * tenants; the others pass on what is asked of them, and take over when it is gone.
 */
public final class AutomationsVerticle extends VerticleBase {
  /** There is one owner of the automations of all tenants. */
  private static final String LEASE = "automations";

  /** A clock that jumps is noticed within this time. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final AutomationsOptions options;
  private final InstantSource clock;
  private final Duration interval;
  private ConcertBus bus;
  private BlueprintAdmin blueprints;
  private WebhookSecrets secrets;
  private TenantEngines engines;
  private Lease lease;
  private LeaseCandidate candidate;
  private OwnerOperations operations;

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
    return vertx
        .executeBlocking(() -> BlueprintFolder.read(options.blueprints()))
        .compose(
            found -> {
              blueprints = new BlueprintAdmin(found);
              return WebhookSecrets.open(vertx, options.secrets());
            })
        .compose(
            opened -> {
              secrets = opened;
              engines = new TenantEngines(vertx, options, bus, secrets, clock, interval);
              lease = options.lease().open(vertx, options.folder(), bus.node());
              candidate = new LeaseCandidate(vertx, lease, LEASE, engines);
              operations = new OwnerOperations(bus, candidate, "the automations");
              return candidate.start();
            })
        .onSuccess(_ -> serve());
  }

  private void serve() {
    operations.serve(AutomationAddresses.CREATE_AUTOMATION, q -> admin(q.caller()).create(q));
    operations.serve(AutomationAddresses.UPDATE_AUTOMATION, q -> admin(q.caller()).update(q));
    operations.serve(AutomationAddresses.LIST_AUTOMATIONS, q -> admin(q.caller()).list(q));
    operations.serve(
        AutomationAddresses.GET_AUTOMATION,
        q -> admin(q.caller()).get(q.caller(), q.automationId()));
    operations.serve(
        AutomationAddresses.DELETE_AUTOMATION,
        q ->
            admin(q.caller())
                .delete(q.caller(), q.automationId())
                .compose(done -> secrets.remove(q.automationId()).map(done)));
    operations.serve(
        AutomationAddresses.PAUSE_AUTOMATION,
        q -> admin(q.caller()).pause(q.caller(), q.automationId()));
    operations.serve(
        AutomationAddresses.RESUME_AUTOMATION,
        q -> admin(q.caller()).resume(q.caller(), q.automationId()));
    operations.serve(
        AutomationAddresses.RUN_AUTOMATION,
        q -> admin(q.caller()).run(q.caller(), q.automationId(), Optional.ofNullable(q.payload())));
    operations.serve(AutomationAddresses.RENEW_WEBHOOK_SECRET, this::renewSecret);
    operations.serve(
        AutomationAddresses.DELIVER_EVENT,
        new EventWebhooks(secrets, (id, to, event) -> tenant(id).take(to, event), clock)::deliver);
    operations.serve(
        AutomationAddresses.TAKE_CHAT_EVENT,
        event -> ifAny(event.tenantId(), () -> outside(event.tenantId()).take(event)));
    operations.serve(
        AutomationAddresses.TAKE_REPOSITORY_EVENT,
        event -> ifAny(event.tenantId(), () -> outside(event.tenantId()).take(event)));
    operations.serve(
        AutomationAddresses.TAKE_RULE_WORK,
        work -> tenant(work.tenantId()).take(work).map(new EventTaken(1)));
    operations.serve(
        AutomationAddresses.PREVIEW_TRIGGER,
        q -> Future.succeededFuture(AutomationAdmin.preview(q, clock.instant())));
    operations.serve(
        AutomationAddresses.LIST_SLOTS,
        q -> admin(q.caller()).slots(q.caller(), q.automationId(), before(q), q.limit()));
    operations.serve(
        AutomationAddresses.EXPLAIN_TIME,
        q -> admin(q.caller()).explain(q.caller(), q.automationId(), Instant.ofEpochMilli(q.at())));
    operations.serve(
        AutomationAddresses.LIST_BLUEPRINTS,
        _ -> Future.succeededFuture(blueprints.list(clock.instant())));
    operations.serve(AutomationAddresses.USE_BLUEPRINT, q -> blueprints.use(q, admin(q.caller())));
    operations.serve(
        AutomationAddresses.LIST_RUN_CHANGES,
        q -> runs(q.caller()).changes(q.caller(), q.automationId(), q.runId()));
    operations.serve(
        AutomationAddresses.ACCEPT_RUN,
        q -> runs(q.caller()).accept(q.caller(), q.automationId(), q.runId()));
    operations.serve(
        AutomationAddresses.FETCH_RUN_BRANCH,
        q -> runs(q.caller()).branch(q.caller(), q.automationId(), q.runId()));
    operations.serve(AutomationAddresses.LIST_INBOX, q -> inbox(q.caller()).list(q));
    operations.serve(AutomationAddresses.UPDATE_INBOX_ITEM, q -> inbox(q.caller()).update(q));
    operations.serve(AutomationAddresses.REPLY_TO_INBOX_ITEM, q -> inbox(q.caller()).reply(q));
    operations.serve(DeliveryAddresses.GET_INBOX_DELIVERY, q -> delivery(q.caller()).get(q));
    operations.serve(DeliveryAddresses.UPDATE_INBOX_DELIVERY, q -> delivery(q.caller()).update(q));
    operations.serve(DeliveryAddresses.TEST_INBOX_DELIVERY, q -> delivery(q.caller()).test(q));
    operations.serve(DeliveryAddresses.LIST_PUSH_DEVICES, q -> devices(q.caller()).list(q));
    operations.serve(DeliveryAddresses.ADD_PUSH_DEVICE, q -> devices(q.caller()).add(q));
    operations.serve(DeliveryAddresses.REMOVE_PUSH_DEVICE, q -> devices(q.caller()).remove(q));
    operations.serve(AutomationAddresses.UNDO_ITEM_CHANGE, q -> inbox(q.caller()).undo(q));
    operations.serve(AutomationAddresses.LIST_ITEM_HISTORY, q -> inbox(q.caller()).history(q));
    operations.serve(AutomationAddresses.LIST_INBOX_RULES, q -> inbox(q.caller()).rules(q));
    operations.serve(AutomationAddresses.CREATE_INBOX_RULE, q -> inbox(q.caller()).add(q));
    operations.serve(AutomationAddresses.UPDATE_INBOX_RULE, q -> inbox(q.caller()).change(q));
    operations.serve(AutomationAddresses.LIST_RULE_DECISIONS, q -> inbox(q.caller()).decisions(q));
    operations.serve(AutomationAddresses.DELETE_INBOX_RULE, q -> inbox(q.caller()).remove(q));
    operations.serve(
        AutomationAddresses.OWNER_LOST, q -> new LostOwner(tenant(q.tenantId()), clock).pause(q));
    operations.serve(AutomationAddresses.FORGET_AUTOMATIONS, q -> engines.now().forget(q));
  }

  private OutsideEvents outside(String tenantId) {
    return new OutsideEvents(tenantId, tenant(tenantId), bus, engines.now().gateway());
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
    return new AutomationAdmin(
        caller.tenantId(),
        tenant(caller.tenantId()),
        engines.now().index(),
        engines.now().gateway(),
        clock);
  }

  private RunAdmin runs(Caller caller) {
    return new RunAdmin(
        tenant(caller.tenantId()),
        admin(caller),
        new RunAcceptance(bus, engines.now().gateway()),
        new RunBundle(bus, engines.now().gateway()));
  }

  private InboxAdmin inbox(Caller caller) {
    return new InboxAdmin(tenant(caller.tenantId()), engines.now().gateway(), clock);
  }

  private DeliveryAdmin delivery(Caller caller) {
    EngineTerm now = engines.now();
    return now.deliveries().admin(now.database(caller.tenantId()));
  }

  private DeviceAdmin devices(Caller caller) {
    EngineTerm now = engines.now();
    return now.deliveries().devices(now.database(caller.tenantId()));
  }

  private TenantAutomations tenant(String tenantId) {
    return engines.now().tenant(tenantId);
  }

  @Override
  public Future<?> stop() {
    return candidate == null
        ? Future.succeededFuture()
        : candidate.stop().eventually(secrets::close).onComplete(_ -> lease.close());
  }
}
