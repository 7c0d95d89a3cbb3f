package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.Bridges;
import dev.concert.bridge.BridgeMessages.CreatePairingCode;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.ForgetTenant;
import dev.concert.bridge.BridgeMessages.ListBridges;
import dev.concert.bridge.BridgeMessages.RemoveBridge;
import dev.concert.bridge.BridgeMessages.WebhookReply;
import dev.concert.bus.Accepted;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.error.Problem;
import dev.concert.testing.Await;
import dev.concert.testing.BlockedThreads;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The real bridges with a played platform on one side and a played gateway on the other. */
final class BridgesUnderTest implements AutoCloseable {
  /** Where the service of a platform answers. */
  record ServiceAddresses(
      Address<AddBridge, Bridge> add,
      Address<ListBridges, Bridges> list,
      Address<RemoveBridge, Accepted> remove,
      Address<DeliverWebhook, WebhookReply> deliver,
      Address<ForgetTenant, Accepted> forget) {
    /** The bridges themselves. */
    static final ServiceAddresses BRIDGES =
        new ServiceAddresses(
            Addresses.ADD_BRIDGE,
            Addresses.LIST_BRIDGES,
            Addresses.REMOVE_BRIDGE,
            Addresses.DELIVER_WEBHOOK,
            Addresses.FORGET_CHATS);
  }

  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final BlockedThreads blocked = BlockedThreads.watch();
  private final Vertx vertx = Vertx.vertx();
  final MovableClock clock = new MovableClock();
  final ChatWorld world;
  final FakeGateway gateway;
  private final Path data;
  private final ConcertBus bus;
  private String deployment;

  BridgesUnderTest(PlayedPlatform platform, Path data) {
    BusCodecs.register(vertx);
    this.world = platform.open();
    world.use(clock);
    this.data = data;
    this.bus = new ConcertBus(vertx);
    this.gateway = new FakeGateway(vertx, world::said);
    world.join(vertx, gateway.bus);
    start();
  }

  private void start() {
    deployment = get(vertx.deployVerticle(world.service(data, clock)));
  }

  /** Ends the bridges and starts them again on the same data. */
  void restart() {
    restartAfter(Duration.ZERO);
  }

  /** The same; this happens while they end. */
  void restartWhile(Runnable happens) {
    Future<Void> ended = vertx.undeploy(deployment);
    Await.until(
        "the end begins",
        () -> !refusal(world.addresses().list(), new ListBridges("acme")).isEmpty());
    happens.run();
    get(ended);
    world.stopped();
    start();
  }

  /** The same after that time: shorter waits are over. */
  void restartAfter(Duration time) {
    get(vertx.undeploy(deployment));
    world.stopped();
    clock.move(time);
    start();
  }

  /** Connects one of the platform's accounts to a tenant; returns the connection's id. */
  String connect(String tenant, int account) {
    return ask(world.addresses().add(), add(tenant, account)).connectionId();
  }

  AddBridge add(String tenant, int account) {
    return new AddBridge(
        tenant, "admin", world.platform(), "played", world.settings(), world.secrets(account));
  }

  List<Bridge> bridges(String tenant) {
    return ask(world.addresses().list(), new ListBridges(tenant)).bridges();
  }

  void remove(String tenant, String connection) {
    ask(world.addresses().remove(), new RemoveBridge(tenant, connection));
  }

  /** The tenant is deleted. */
  void forget(String tenant) {
    ask(world.addresses().forget(), new ForgetTenant(tenant));
  }

  String pairingCode(String tenant, String user) {
    return ask(Addresses.CREATE_PAIRING_CODE, new CreatePairingCode(tenant, user)).code();
  }

  /** Delivers a webhook; returns the status of the reply. */
  int deliver(DeliverWebhook webhook) {
    return world.deliver(webhook, one -> ask(world.addresses().deliver(), one).status());
  }

  /** The reply. */
  <Q extends Record, R extends Record> R ask(Address<Q, R> address, Q request) {
    return get(bus.request(address, request, TIMEOUT));
  }

  /** The code of the refusal. */
  <Q extends Record, R extends Record> String refusal(Address<Q, R> address, Q request) {
    return get(
        bus.request(address, request, TIMEOUT)
            .map("")
            .otherwise(failure -> Problem.of(failure).code().name()));
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  @Override
  public void close() {
    // Closed alone, Vert.x closes the databases before it stops the verticle.
    get(vertx.undeploy(deployment));
    get(vertx.close());
    world.close();
    blocked.assertNone();
  }
}
