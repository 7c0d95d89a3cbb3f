package dev.concert.coordinator.egress;

import dev.concert.coordinator.egress.policy.EgressLimits;
import dev.concert.coordinator.egress.policy.EgressOptions;
import dev.concert.coordinator.egress.policy.EgressPolicy;
import dev.concert.coordinator.egress.policy.NameLookup;
import dev.concert.testing.Await;
import dev.concert.testing.BlockedThreads;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Networks of agents without their sandboxes, and the names that they resolve. */
final class NetworkHarness implements AutoCloseable {
  private static final URI NO_ENSEMBLE = URI.create("http://127.0.0.1:1");

  private final Vertx vertx = Vertx.vertx();
  private final BlockedThreads blocked = BlockedThreads.watch();
  private final Path folder;
  private final Map<String, String> names = new ConcurrentHashMap<>();
  private final Set<Integer> ownPorts = ConcurrentHashMap.newKeySet();
  private final Queue<String> events = new ConcurrentLinkedQueue<>();
  private final AtomicInteger opened = new AtomicInteger();
  private EgressLimits limits = EgressLimits.DEFAULT;
  private volatile GitDoor git = () -> Future.failedFuture("There is no repository.");

  NetworkHarness(Path folder) {
    this.folder = folder;
  }

  Vertx vertx() {
    return vertx;
  }

  /** From now on this name resolves to this address, and to nothing else. */
  NetworkHarness name(String name, String address) {
    names.put(name, address);
    return this;
  }

  /** For the networks that are opened after this. */
  NetworkHarness limits(EgressLimits other) {
    limits = other;
    return this;
  }

  /** The repository of all agents is behind this door. */
  NetworkHarness git(GitDoor door) {
    git = door;
    return this;
  }

  /** This is a port of Concert itself. */
  NetworkHarness ownPort(int port) {
    ownPorts.add(port);
    return this;
  }

  /** The proxy's socket of an agent with this policy. */
  Path proxy(EgressPolicy policy) {
    return sockets(policy, Optional.empty(), NO_ENSEMBLE).proxy();
  }

  Path proxy(EgressPolicy policy, EgressPolicy manifest) {
    return sockets(policy, Optional.of(manifest), NO_ENSEMBLE).proxy();
  }

  AgentNetwork.Sockets sockets(EgressPolicy policy, Optional<EgressPolicy> manifest, URI ensemble) {
    AgentNetwork.Sockets sockets = nextSockets();
    open(policy, manifest, ensemble, sockets);
    return sockets;
  }

  AgentNetwork.Sockets nextSockets() {
    int number = opened.incrementAndGet();
    return new AgentNetwork.Sockets(
        folder.resolve("egress-" + number), folder.resolve("ensemble-" + number));
  }

  AgentNetwork open(
      EgressPolicy policy,
      Optional<EgressPolicy> manifest,
      URI ensemble,
      AgentNetwork.Sockets sockets) {
    AgentNetworks networks =
        new AgentNetworks(
            vertx,
            vertx.createSharedWorkerExecutor("lookup", 8),
            new EgressOptions(policy, Map.of(), limits),
            this::resolve,
            () -> ownPorts,
            (_, _) -> git.open());
    return await(
        networks.open(
            new Recorder(), () -> git.open(), "tenant", manifest, () -> ensemble, sockets));
  }

  private List<InetAddress> resolve(String host) throws UnknownHostException {
    String address = names.get(host);
    if (address != null) {
      return List.of(InetAddress.ofLiteral(address));
    }
    if (host.endsWith(".example") || host.endsWith(".test")) {
      throw new UnknownHostException(host);
    }
    return NameLookup.OF_HOST.resolve(host);
  }

  /** A port on 127.0.0.1 that leads to a Unix socket, as the relay in a sandbox. */
  int relay(Path socket) {
    NetClient client = vertx.createNetClient();
    return await(
            vertx
                .createNetServer()
                .connectHandler(
                    near -> {
                      near.pause();
                      client
                          .connect(SocketAddress.domainSocketAddress(socket.toString()))
                          .onFailure(_ -> near.close())
                          .onSuccess(
                              far -> {
                                near.pipeTo(far);
                                far.pipeTo(near);
                              });
                    })
                .listen(0, "127.0.0.1"))
        .actualPort();
  }

  /** A port of 127.0.0.1 that nothing listens on. */
  int closedPort() {
    var server = await(vertx.createNetServer().connectHandler(_ -> {}).listen(0, "127.0.0.1"));
    await(server.close());
    return server.actualPort();
  }

  /** What the proxies told: {@code refused DESTINATION REASON} and {@code closed DESTINATION …}. */
  Queue<String> events() {
    return events;
  }

  void awaitEvent(String start) {
    Await.until(start, () -> events.stream().anyMatch(event -> event.startsWith(start)));
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("No answer", e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
    blocked.assertNone();
  }

  private final class Recorder implements EgressListener {
    @Override
    public void refused(String destination, String reason) {
      events.add("refused " + destination + " " + reason);
    }

    @Override
    public void closed(String destination, long sent, long received, Duration duration) {
      events.add("closed %s %d %d".formatted(destination, sent, received));
    }

    @Override
    public void ended() {
      events.add("ended");
    }
  }
}
