package dev.concert.automations.delivery;

import dev.concert.automations.event.WebhookSecrets;
import dev.concert.automations.store.DeliveryStore;
import dev.concert.automations.store.PushDeviceStore;
import dev.concert.automations.store.TenantStores;
import dev.concert.bus.ConcertBus;
import dev.concert.foundation.client.GatewayClient;
import dev.concert.foundation.lease.FencedDatabase;
import dev.concert.foundation.lease.LeaseTerm;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The deliveries of all tenants, as long as a term lasts. On one context. */
public final class Deliveries {
  private static final Logger LOG = LoggerFactory.getLogger(Deliveries.class);

  private final Vertx vertx;
  private final LeaseTerm term;
  private final DeliveryIndex index;
  private final WebhookSecrets secrets;
  private final WebhookTargets targets;
  private final GuardedPosts posts;
  private final VapidIdentity identity;
  private final Map<DeliveryChannelName, DeliveryWay> ways;
  private final GatewayClient gateway;
  private final InstantSource clock;
  private final Map<String, TenantDelivery> tenants = new HashMap<>();

  private Deliveries(
      Vertx vertx,
      LeaseTerm term,
      DeliveryIndex index,
      WebhookSecrets secrets,
      DeliveryOptions options,
      ConcertBus bus,
      InstantSource clock) {
    this.vertx = vertx;
    this.term = term;
    this.index = index;
    this.secrets = secrets;
    this.targets = new WebhookTargets(vertx, options.privateTargets());
    this.gateway = new GatewayClient(bus);
    this.clock = clock;
    this.posts = new GuardedPosts(vertx, targets, options, clock);
    this.identity = new VapidIdentity(vertx, secrets, options.contact(), clock);
    MemberDelivery members = new MemberDelivery(bus);
    this.ways =
        Map.of(
            DeliveryChannelName.WEBHOOK,
            new WebhookDelivery(posts, secrets, clock),
            DeliveryChannelName.EMAIL,
            members::mail,
            DeliveryChannelName.CHAT,
            members::chat,
            DeliveryChannelName.PUSH,
            new PushDelivery(vertx, posts, secrets, identity));
  }

  /**
   * @param folder of the engine's own files
   */
  public static Future<Deliveries> open(
      Vertx vertx,
      Path folder,
      LeaseTerm term,
      WebhookSecrets secrets,
      DeliveryOptions options,
      ConcertBus bus,
      InstantSource clock) {
    return DeliveryIndex.open(vertx, folder.resolve("deliveries.db"), term.epoch())
        .map(index -> new Deliveries(vertx, term, index, secrets, options, bus, clock));
  }

  /**
   * Goes on with what an earlier process left.
   *
   * @param database of a tenant
   */
  public Future<Void> resume(Function<String, FencedDatabase> database) {
    return index
        .all()
        .compose(
            all -> {
              Future<Void> each = Future.succeededFuture();
              for (String tenantId : all) {
                each = each.compose(_ -> resume(database.apply(tenantId)));
              }
              return each;
            });
  }

  /** That one tenant's cannot be read concerns no other. */
  private Future<Void> resume(FencedDatabase database) {
    return of(database)
        .look()
        .onFailure(
            failure -> LOG.warn("Items of tenant {} cannot be delivered", database.key(), failure))
        .otherwiseEmpty();
  }

  /** Those of one tenant. */
  public TenantDelivery of(FencedDatabase database) {
    return tenants.computeIfAbsent(
        database.key(),
        tenantId ->
            new TenantDelivery(
                vertx,
                database,
                new DeliverySender(
                    tenantId,
                    new DeliveryStore(database),
                    TenantStores.of(database).inbox(),
                    devices(database),
                    ways,
                    gateway,
                    term,
                    clock),
                index,
                clock));
  }

  /** What members of one tenant ask for. */
  public DeliveryAdmin admin(FencedDatabase database) {
    return new DeliveryAdmin(
        database.key(),
        new DeliveryStore(database),
        of(database),
        devices(database),
        targets,
        secrets);
  }

  /** The browsers of the members of one tenant. */
  public DeviceAdmin devices(FencedDatabase database) {
    return new DeviceAdmin(
        database.key(), new PushDeviceStore(database), targets, secrets, identity, clock);
  }

  /** The tenant is being deleted. */
  public Future<Void> forget(String tenantId) {
    return Optional.ofNullable(tenants.remove(tenantId))
        .map(TenantDelivery::stop)
        .orElseGet(Future::succeededFuture)
        .compose(_ -> index.remove(tenantId));
  }

  /**
   * Sends nothing new; completes when what is being sent was sent, in a bounded time. What comes is
   * noted for the next term.
   */
  public Future<Void> stop() {
    return Future.join(tenants.values().stream().map(TenantDelivery::stop).toList()).mapEmpty();
  }

  /** Cuts what has not ended by now. */
  public Future<Void> close() {
    posts.close();
    return index.close();
  }
}
