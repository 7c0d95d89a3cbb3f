package dev.concert.platform.cluster;

import dev.concert.bus.Accepted;
import dev.concert.bus.Addresses;
import dev.concert.bus.Breakers;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.BusNode;
import dev.concert.bus.ClusterMessages.Hello;
import dev.concert.bus.ClusterMessages.NodeDescriptor;
import dev.concert.bus.ClusterMessages.Owns;
import dev.concert.bus.ClusterMessages.PlaceInstance;
import dev.concert.bus.ClusterMessages.WhoOwns;
import dev.concert.bus.ConcertBus;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.eventbus.EventBusOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * This JVM as a node of a cluster. It joins, learns who the others are, and answers what they ask
 * about the instances on its disk.
 */
public final class ClusterNode implements AutoCloseable {
  private static final long HELLO_MS = 1000;
  private static final long FIRST_HELLO_MS = 200;
  private static final Duration SELF_TEST = Duration.ofSeconds(15);
  private static final long PING_MS = 5000;

  private final Vertx vertx;
  private final ClusterManager manager;
  private final NodeDescriptor descriptor;
  private final ClusterDirectory directory;
  private final Optional<InstanceFolders> folders;
  private final Optional<Placements> placements;
  private final ConcertBus bus;
  private String inbox = "";

  private ClusterNode(Vertx vertx, ClusterManager manager, ClusterOptions options, Path data) {
    this.vertx = vertx;
    this.manager = manager;
    this.descriptor =
        new NodeDescriptor(
            options.node(),
            options.host(),
            options.roles().stream().map(NodeRole::wireName).sorted().toList());
    this.folders =
        options.roles().contains(NodeRole.COORDINATOR)
            ? Optional.of(new InstanceFolders(vertx, data.resolve("instances")))
            : Optional.empty();
    this.placements =
        options.roles().contains(NodeRole.GATEWAY)
            ? Optional.of(Placements.open(vertx, data.resolve("placements.db")))
            : Optional.empty();
    this.directory = new ClusterDirectory(vertx, options.node(), folders, placements);
    directory.know(descriptor);
    BusCodecs.register(
        vertx,
        new BusNode(
            options.node(),
            directory,
            folders.<BusNode.Ownership>map(ours -> ours).orElse(BusNode.Ownership.EVERYTHING),
            new Breakers(vertx),
            BusNode.MAX_MESSAGE_BYTES));
    this.bus = new ConcertBus(vertx);
  }

  /**
   * Joins the cluster. Blocking.
   *
   * @param home folder of the program, which holds {@code conf/hazelcast.yaml}
   * @param data folder of this node
   * @throws ClusterException when the cluster cannot be joined
   */
  public static ClusterNode join(
      VertxBuilder builder, ClusterOptions options, Path home, Path data) {
    ClusterManager manager = Hazelcast.manager(home.resolve("conf/hazelcast.yaml"), options);
    EventBusOptions busOptions =
        new EventBusOptions()
            .setHost(options.host())
            .setClusterPublicHost(options.host())
            .setClusterPingInterval(PING_MS)
            .setTrustAll(false);
    Vertx vertx =
        await(
            builder
                .with(new VertxOptions().setEventBusOptions(busOptions))
                .withClusterManager(manager)
                .buildClustered(),
            "The cluster cannot be joined");
    ClusterNode node = new ClusterNode(vertx, manager, options, data);
    await(node.open(), "The bus of this node does not work");
    return node;
  }

  private static <T> T await(Future<T> future, String what) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException(what + ": interrupted.", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new ClusterException(what + ": " + e.getMessage(), e);
    }
  }

  public Vertx vertx() {
    return vertx;
  }

  private Future<Void> open() {
    inbox = bus.newAddress(Addresses.NODES);
    return Future.all(
            List.of(
                directory.open(bus),
                bus.open(Addresses.NODES, inbox, directory::know).completion(),
                bus.listen(Addresses.HELLO, this::greeted).completion(),
                bus.listen(Addresses.WHO_OWNS, this::asked).completion(),
                bus.serve(Addresses.PLACE_INSTANCE, this::place).completion()))
        .onSuccess(
            _ -> {
              greet();
              vertx.setPeriodic(HELLO_MS, _ -> greet());
            })
        .mapEmpty();
  }

  private void greet() {
    bus.publish(Addresses.HELLO, new Hello(descriptor, inbox));
  }

  private void greeted(Hello hello) {
    boolean isNew = !hello.node().name().equals(descriptor.name());
    directory.know(hello.node());
    if (isNew) {
      bus.send(Addresses.NODES, hello.replyTo(), descriptor);
    }
  }

  private void asked(WhoOwns question) {
    folders.ifPresent(
        ours ->
            ours.has(question.key())
                .onSuccess(
                    here ->
                        bus.send(
                            Addresses.OWNS,
                            question.replyTo(),
                            new Owns(question.key(), descriptor.name(), here))));
  }

  private Future<Accepted> place(PlaceInstance request) {
    return folders
        .filter(_ -> request.node().equals(descriptor.name()))
        .map(ours -> ours.claim(request.key()).map(Accepted.ACCEPTED))
        .orElseGet(() -> Future.failedFuture("This node runs no coordinator"));
  }

  /**
   * Exchanges a message with each other member over the bus; a node whose address is wrong joins,
   * but no request reaches it. Blocking, at most 15 s.
   *
   * @throws ClusterException when a member did not answer
   */
  public void selfTest() {
    Promise<Void> done = Promise.promise();
    long end = System.nanoTime() + SELF_TEST.toNanos();
    vertx.setPeriodic(
        FIRST_HELLO_MS,
        timer -> {
          greet();
          if (directory.size() >= members()) {
            vertx.cancelTimer(timer);
            done.complete();
          } else if (System.nanoTime() > end) {
            vertx.cancelTimer(timer);
            done.fail(
                "%d of %d nodes answered; check cluster.host of each"
                    .formatted(directory.size(), members()));
          }
        });
    await(done.future(), "The bus of this node does not work");
  }

  private int members() {
    return manager.getNodes().size();
  }

  @Override
  public void close() {
    placements.ifPresent(Placements::close);
  }
}
