package dev.concert.gateway;

import dev.concert.bus.ConcertBus;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.auth.DevelopmentAuthenticator;
import dev.concert.gateway.auth.HttpIdentity;
import dev.concert.gateway.auth.OriginPolicy;
import dev.concert.gateway.connection.Connection;
import dev.concert.gateway.dispatch.Dispatcher;
import dev.concert.gateway.dispatch.FileRequests;
import dev.concert.gateway.dispatch.ReplayRequests;
import dev.concert.gateway.dispatch.SessionRequests;
import dev.concert.gateway.eventlog.EventJournal;
import dev.concert.gateway.eventlog.StorePool;
import dev.concert.gateway.files.FileRoutes;
import dev.concert.gateway.http.Listener;
import dev.concert.gateway.http.Routes;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.gateway.session.SessionServices;
import dev.concert.gateway.sync.SyncRoute;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.ServerWebSocket;
import java.util.ArrayList;
import java.util.List;

/**
 * Diminuendo, the client gateway: puts its parts together, in the order in which they need each
 * other.
 *
 * <p>Nothing listens before what an earlier process left is set right.
 */
public final class GatewayVerticle extends VerticleBase {
  private static final long TEND_MS = 2000;

  private final GatewayOptions options;
  private final Authenticator authenticator;
  private final PrometheusMeterRegistry metrics;
  private final String version;
  private final List<Listener> listeners = new ArrayList<>();
  private Registries registries;
  private StorePool stores;
  private EventJournal journal;
  private SessionDirectory directory;
  private Dispatcher dispatcher;
  private volatile int port;

  public GatewayVerticle(GatewayOptions options, PrometheusMeterRegistry metrics, String version) {
    this(options, new DevelopmentAuthenticator(), metrics, version);
  }

  GatewayVerticle(
      GatewayOptions options,
      Authenticator authenticator,
      PrometheusMeterRegistry metrics,
      String version) {
    this.options = options;
    this.authenticator = authenticator;
    this.metrics = metrics;
    this.version = version;
  }

  /** The port that clients connect to; known once deployed. */
  public int port() {
    return port;
  }

  @Override
  public Future<?> start() {
    registries = new Registries(vertx, options.data().resolve("tenants"));
    stores = new StorePool(vertx, options.data().resolve("sessions"), options.openDatabases());
    ConcertBus bus = new ConcertBus(vertx);
    HttpIdentity identity = new HttpIdentity(authenticator);
    SyncRoute sync = new SyncRoute(vertx, bus, identity, () -> directory);
    FileRoutes files = new FileRoutes(vertx, bus, identity, () -> directory);
    Routes routes =
        new Routes(
            vertx, bus, new OriginPolicy(options.host()), metrics, version, sync, files::add);
    return vertx
        .executeBlocking(() -> new EventJournal(options.data().resolve("journal.db"), metrics))
        .compose(this::recoverJournal)
        .compose(_ -> deployListeners(routes))
        .compose(
            _ -> {
              directory = directory(bus);
              return directory.recover();
            })
        .compose(
            _ -> {
              dispatcher = dispatcher(bus);
              vertx.setPeriodic(TEND_MS, _ -> directory.tend());
              gauges();
              return listen();
            });
  }

  private Future<Void> recoverJournal(EventJournal opened) {
    journal = opened;
    return vertx
        .executeBlocking(opened::left)
        .compose(
            left ->
                Future.all(
                    left.entrySet().stream()
                        .map(
                            entry ->
                                stores.with(
                                    entry.getKey(),
                                    store -> {
                                      store.append(entry.getValue());
                                      return true;
                                    }))
                        .toList()))
        .compose(
            _ ->
                vertx.executeBlocking(
                    () -> {
                      opened.clear();
                      opened.start();
                      return null;
                    }));
  }

  private Future<?> deployListeners(Routes routes) {
    return vertx.deployVerticle(
        () -> {
          Listener listener = new Listener(routes, socket -> accept(socket, authenticator));
          listeners.add(listener);
          return listener;
        },
        new DeploymentOptions().setInstances(options.eventLoops()));
  }

  private Connection accept(ServerWebSocket socket, Authenticator authenticator) {
    return Connection.open(vertx, socket, authenticator, dispatcher);
  }

  private SessionDirectory directory(ConcertBus bus) {
    SessionServices services =
        new SessionServices(vertx, bus, journal, stores, registries, options.times());
    return new SessionDirectory(services, listeners.stream().map(Listener::context).toList());
  }

  private Dispatcher dispatcher(ConcertBus bus) {
    return new Dispatcher(
        directory,
        new SessionRequests(bus, registries, directory),
        new ReplayRequests(stores),
        new FileRequests(bus, directory));
  }

  private Future<Void> listen() {
    // A negative port is one free port that all instances of a deployment share.
    int wanted = options.port() == 0 ? -1 : options.port();
    List<Future<Integer>> ports =
        listeners.stream().map(listener -> listener.listen(options.host(), wanted)).toList();
    return Future.all(ports)
        .map(
            _ -> {
              port = ports.getFirst().result();
              return null;
            });
  }

  private void gauges() {
    Gauge.builder("concert.gateway.sessions", directory, SessionDirectory::size)
        .description("Sessions in memory")
        .register(metrics);
    Gauge.builder("concert.gateway.connections", dispatcher, Dispatcher::connections)
        .description("Open client connections")
        .register(metrics);
  }

  @Override
  public Future<?> stop() {
    // The listeners were deployed by this verticle and are stopped before it: no client is left.
    if (directory == null) {
      return Future.succeededFuture();
    }
    return directory
        .settle()
        .compose(
            _ ->
                vertx.executeBlocking(
                    () -> {
                      journal.close();
                      return null;
                    }))
        .eventually(stores::close)
        .eventually(registries::close);
  }
}
