package dev.concert.gateway;

import dev.concert.bus.ConcertBus;
import dev.concert.contract.MemberOperations;
import dev.concert.foundation.context.LastingContext;
import dev.concert.foundation.health.PartsHealth.Part;
import dev.concert.foundation.http.ListeningPorts;
import dev.concert.foundation.http.StrictWebSocket;
import dev.concert.gateway.agent.AgentInboxes;
import dev.concert.gateway.apikey.KeyHandlers;
import dev.concert.gateway.audit.AuditLog;
import dev.concert.gateway.auth.AccessWatch;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.auth.DevelopmentAuthenticator;
import dev.concert.gateway.auth.HttpIdentity;
import dev.concert.gateway.auth.LocalCallers;
import dev.concert.gateway.auth.address.AuthenticationRate;
import dev.concert.gateway.billing.CreditAccount;
import dev.concert.gateway.billing.CreditService;
import dev.concert.gateway.bridge.MemberCalls;
import dev.concert.gateway.bridge.WebhookRoute;
import dev.concert.gateway.connection.ConnectedClients;
import dev.concert.gateway.connection.Connection;
import dev.concert.gateway.connection.Handshake;
import dev.concert.gateway.dispatch.ApiRequest;
import dev.concert.gateway.dispatch.BillingHandlers;
import dev.concert.gateway.dispatch.ConnectionHandlers;
import dev.concert.gateway.dispatch.Dispatcher;
import dev.concert.gateway.dispatch.Handlers;
import dev.concert.gateway.dispatch.HistoryHandlers;
import dev.concert.gateway.dispatch.ModelHandlers;
import dev.concert.gateway.dispatch.Requester;
import dev.concert.gateway.dispatch.RewindHandlers;
import dev.concert.gateway.dispatch.SessionHandlers;
import dev.concert.gateway.dispatch.SessionScope;
import dev.concert.gateway.dispatch.TurnHandlers;
import dev.concert.gateway.dispatch.UsageHandlers;
import dev.concert.gateway.dispatch.WebSocketAdapter;
import dev.concert.gateway.eventlog.EventJournal;
import dev.concert.gateway.eventlog.SessionDatabases;
import dev.concert.gateway.files.ArchiveHandler;
import dev.concert.gateway.files.FileHandlers;
import dev.concert.gateway.health.GatewayHealth;
import dev.concert.gateway.health.ServingState;
import dev.concert.gateway.http.ApiRoutes;
import dev.concert.gateway.http.ConnectionLimits;
import dev.concert.gateway.http.Listener;
import dev.concert.gateway.http.Routes;
import dev.concert.gateway.idempotency.IdempotencyKeys;
import dev.concert.gateway.inference.EnsembleClient;
import dev.concert.gateway.inference.ServedModels;
import dev.concert.gateway.inference.SessionNamer;
import dev.concert.gateway.link.LinkHandlers;
import dev.concert.gateway.link.SharedLinks;
import dev.concert.gateway.link.SharedRoutes;
import dev.concert.gateway.member.OpenAccess;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.rest.OpenEventStreams;
import dev.concert.gateway.rest.RateLimits;
import dev.concert.gateway.session.AgentTypes;
import dev.concert.gateway.session.Drain;
import dev.concert.gateway.session.Session;
import dev.concert.gateway.session.SessionDirectory;
import dev.concert.gateway.session.SessionServices;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.gateway.transfer.WorkspaceRoutes;
import dev.concert.protocol.MemberMessage;
import dev.concert.protocol.Permission;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Diminuendo, the client gateway: puts its parts together, in the order in which they need each
 * other.
 *
 * <p>Nothing listens before what an earlier process left is set right.
 */
public final class GatewayVerticle extends VerticleBase {
  private static final long TEND_MS = 2000;

  private final GatewayOptions options;
  private Authenticator authenticator;
  private final PrometheusMeterRegistry metrics;
  private final String version;
  private final List<Listener> listeners = new ArrayList<>();
  private Registries registries;
  private Credentials credentials;
  private AccessWatch access;
  private SharedLinks links;
  private SessionDatabases databases;
  private EventJournal journal;
  private SessionDirectory directory;
  private volatile Drain drain;
  private CreditService credit;
  private final ConnectedClients clients = new ConnectedClients();
  private final OpenEventStreams streams = new OpenEventStreams();
  private final AuthenticationRate rate = new AuthenticationRate();
  private final Map<String, Supplier<Future<Part>>> watched = new LinkedHashMap<>();
  private final ServingState serving = new ServingState();
  private Dispatcher dispatcher;
  private WebSocketAdapter webSockets;
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

  /**
   * Shows one more part at {@code /health}; without it the server is degraded. To be called before
   * the deployment.
   */
  public void watch(String part, Supplier<Future<Part>> check) {
    watched.put(part, check);
  }

  /** The port that clients connect to; known once deployed. */
  public int port() {
    return port;
  }

  @Override
  public Future<?> start() {
    registries = new Registries(vertx, options.data().resolve("tenants"));
    databases =
        new SessionDatabases(vertx, options.data().resolve("sessions"), options.openDatabases());
    credentials = Credentials.of(vertx, options, registries, rate, authenticator);
    authenticator = credentials.authenticator();
    access = AccessWatch.start(vertx);
    ConcertBus bus = new ConcertBus(vertx);
    credit =
        new CreditService(
            vertx,
            bus,
            options.data().resolve("tenants"),
            options.billing(),
            Session::instanceOf,
            this::balanceChanged);
    HttpIdentity identity =
        new HttpIdentity(authenticator, rate, options.access().trustedProxies());
    WorkspaceRoutes files = new WorkspaceRoutes(vertx, bus, identity, () -> directory);
    links = new SharedLinks(vertx, registries);
    SharedRoutes shared =
        new SharedRoutes(
            vertx, links, databases, options.access().trustedProxies(), () -> directory);
    ApiRoutes api =
        new ApiRoutes(
            vertx,
            identity,
            access,
            new RateLimits(options.rateLimits()),
            new IdempotencyKeys(registries, Clock.systemUTC()),
            () -> dispatcher,
            () -> directory,
            streams);
    return vertx
        .executeBlocking(() -> new EventJournal(options.data().resolve("journal.db"), metrics))
        .compose(this::recoverJournal)
        .compose(_ -> developmentTenant())
        .compose(_ -> callers())
        .compose(
            callers ->
                deployListeners(
                    new Routes(
                        vertx,
                        () -> new GatewayHealth(vertx, bus, options.data(), journal, watched),
                        serving,
                        credentials.origins(),
                        callers,
                        options.access(),
                        metrics,
                        version,
                        files,
                        shared.handlers(),
                        api,
                        router ->
                            new WebhookRoute(bus, new RateLimits(options.rateLimits()))
                                .add(credentials.addRoutes(router, this::acceptInvitation)))))
        .compose(_ -> LastingContext.several(vertx, options.eventLoops()))
        .compose(
            contexts ->
                AgentInboxes.open(bus, contexts)
                    .map(inboxes -> directory = directory(bus, inboxes, contexts)))
        .compose(
            _ -> {
              drain = new Drain(vertx, directory);
              return directory.recover();
            })
        .compose(_ -> credit.start())
        .compose(_ -> links.load())
        .compose(
            _ -> {
              dispatcher = new Dispatcher(vertx, handlers(bus));
              webSockets = new WebSocketAdapter(dispatcher);
              new MemberCalls(vertx, credentials::member, dispatcher, directory).serve(bus);
              vertx.setPeriodic(TEND_MS, _ -> directory.tend());
              directory.meter(metrics);
              clients.meter(metrics);
              return listen();
            });
  }

  /** Where nobody authenticates, everybody is a member of a tenant that must be there. */
  private Future<Void> developmentTenant() {
    return authenticator
        .everybody()
        .map(new Tenants(registries)::ensure)
        .orElseGet(Future::succeededFuture);
  }

  private Future<Void> recoverJournal(EventJournal opened) {
    journal = opened;
    return opened.recover(vertx, databases);
  }

  /** Whose programs are served; empty where everybody authenticates. */
  private Future<Optional<LocalCallers>> callers() {
    return authenticator.everybody().isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : vertx.executeBlocking(
            () ->
                Optional.of(
                    LocalCallers.ofThisSystem(vertx, options.data(), options.access().insecure())));
  }

  private Future<?> deployListeners(Routes routes) {
    ConnectionLimits limits = new ConnectionLimits(options.access());
    return vertx.deployVerticle(
        () -> {
          Listener listener = new Listener(routes, limits, options.access().tls(), this::accept);
          listeners.add(listener);
          return listener;
        },
        new DeploymentOptions().setInstances(options.eventLoops()));
  }

  private Connection accept(StrictWebSocket socket, Handshake handshake) {
    return Connection.open(vertx, socket, handshake, authenticator, access, clients, webSockets);
  }

  private SessionDirectory directory(ConcertBus bus, AgentInboxes inboxes, List<Context> contexts) {
    SessionServices services =
        new SessionServices(
            vertx,
            bus,
            inboxes,
            journal,
            databases,
            registries,
            options.timeouts(),
            serving,
            credit.turns(),
            namer(bus));
    return new SessionDirectory(services, contexts);
  }

  private SessionNamer namer(ConcertBus bus) {
    return SessionNamer.of(
        vertx, bus, options.naming(), session -> directory.notifyUpdated(session, clients::send));
  }

  /** Every served row of the contract table has its handler, or the gateway does not start. */
  private Handlers handlers(ConcertBus bus) {
    SessionScope scope = new SessionScope(directory);
    Handlers handlers = new Handlers();
    new ConnectionHandlers(authenticator, rate).register(handlers);
    new SessionHandlers(
            registries,
            directory,
            new AgentTypes(bus),
            new ServedModels(bus),
            clients,
            new AuditLog(registries))
        .register(handlers);
    new ModelHandlers(new ServedModels(bus)).register(handlers);
    new KeyHandlers(
            credentials.keys(), (who, id) -> directory.find(who, id, Permission.THREADS_READ))
        .register(handlers);
    new TurnHandlers(scope).register(handlers);
    new RewindHandlers(directory, clients, new AuditLog(registries)).register(handlers, scope);
    new LinkHandlers(links, new AuditLog(registries)).register(handlers, scope);
    new HistoryHandlers(databases).register(handlers, scope);
    new FileHandlers(bus, scope).register(handlers);
    new ArchiveHandler(vertx, bus, scope).register(handlers);
    new BillingHandlers(credit.accounts()).register(handlers);
    new UsageHandlers(registries, databases, scope).register(handlers);
    new TenantServices(
            vertx,
            registries,
            directory,
            new OpenAccess(access, clients, streams, directory),
            clients,
            credentials,
            credit,
            bus,
            new EnsembleClient(vertx, bus, options.naming().ensemble()))
        .register(handlers, options.members(), () -> options.publicUrl(port));
    return handlers.complete();
  }

  /** Makes the bearer of an access token a member, as the operation does. */
  private Future<?> acceptInvitation(String token, String invitation) {
    return dispatcher.dispatch(
        MemberOperations.ACCEPT_INVITATION,
        new ApiRequest<>(
            Requester.unknown(),
            MemberOperations.ACCEPT_INVITATION,
            new MemberMessage.AcceptInvitation(invitation, token)));
  }

  /** Other members see what is refused to their turns, and no balance. */
  private void balanceChanged(String tenantId, CreditAccount account) {
    clients.notify(tenantId, Permission.BILLING_MANAGE, account.update());
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
              ListeningPorts.add(vertx, port);
              serving.serve();
              return null;
            });
  }

  /**
   * Refuses new turns, tells every client that the server stops, and lets running turns end, for as
   * long as is configured. Any thread.
   */
  public Future<Void> drain() {
    if (serving.phase() != ServingState.Phase.SERVING) {
      return Future.succeededFuture();
    }
    serving.drain();
    listeners.forEach(Listener::announceShutdown);
    return drain.run(options.drain());
  }

  /** Ends a drain that runs: turns are broken off. Any thread. */
  public void cutDrainShort() {
    if (drain != null) {
      drain.cutShort();
    }
  }

  /** How long a drain takes at most. */
  public Duration drainTime() {
    return options.drain();
  }

  @Override
  public Future<?> stop() {
    serving.drain();
    // The listeners were deployed by this verticle and are stopped before it: no client is left.
    if (directory == null) {
      return Future.succeededFuture();
    }
    credit.stop();
    return directory
        .close()
        .compose(
            _ ->
                vertx.executeBlocking(
                    () -> {
                      journal.close();
                      return null;
                    }))
        .eventually(databases::close)
        .eventually(credentials::close)
        .eventually(credit::close)
        .eventually(registries::close);
  }
}
