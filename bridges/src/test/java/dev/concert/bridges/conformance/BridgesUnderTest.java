package dev.concert.bridges.conformance;

import dev.concert.bridge.BridgeMessages.AddBridge;
import dev.concert.bridge.BridgeMessages.Bridge;
import dev.concert.bridge.BridgeMessages.CreatePairingCode;
import dev.concert.bridge.BridgeMessages.DeliverWebhook;
import dev.concert.bridge.BridgeMessages.ListBridges;
import dev.concert.bridge.BridgeMessages.RemoveBridge;
import dev.concert.bridges.BridgesVerticle;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.error.Problem;
import dev.concert.testing.BlockedThreads;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The real bridges with a played platform on one side and a played gateway on the other. */
final class BridgesUnderTest implements AutoCloseable {
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
    this.gateway = new FakeGateway(vertx);
    start();
  }

  private void start() {
    deployment = get(vertx.deployVerticle(new BridgesVerticle(world.options(data), clock)));
  }

  /** The same after that time: what had to wait for less than that waits no more. */
  void restartAfter(Duration time) {
    get(vertx.undeploy(deployment));
    clock.move(time);
    start();
  }

  /** Ends the bridges and starts them again on the same data. */
  void restart() {
    get(vertx.undeploy(deployment));
    world.stopped();
    start();
  }

  /** Connects one of the platform's accounts to a tenant; returns the connection's id. */
  String connect(String tenant, int account) {
    return ask(Addresses.ADD_BRIDGE, add(tenant, account)).connectionId();
  }

  AddBridge add(String tenant, int account) {
    return new AddBridge(
        tenant, "admin", world.platform(), "played", Map.of(), world.secrets(account));
  }

  List<Bridge> bridges(String tenant) {
    return ask(Addresses.LIST_BRIDGES, new ListBridges(tenant)).bridges();
  }

  void remove(String tenant, String connection) {
    ask(Addresses.REMOVE_BRIDGE, new RemoveBridge(tenant, connection));
  }

  String pairingCode(String tenant, String user) {
    return ask(Addresses.CREATE_PAIRING_CODE, new CreatePairingCode(tenant, user)).code();
  }

  /** Delivers a webhook; returns the status of the reply. */
  int deliver(DeliverWebhook webhook) {
    return world.deliver(webhook, one -> ask(Addresses.DELIVER_WEBHOOK, one).status());
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
