package dev.concert.ensemble;

import dev.concert.bus.ConcertBus;
import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.admin.AdminRoutes;
import dev.concert.ensemble.admin.AdminServices;
import dev.concert.ensemble.admin.StatusServices;
import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.allowance.AllowanceService;
import dev.concert.ensemble.allowance.Allowances;
import dev.concert.ensemble.allowance.BusReservations;
import dev.concert.ensemble.batch.BatchClaims;
import dev.concert.ensemble.batch.KeptObjectStore;
import dev.concert.ensemble.batch.VendorObjects;
import dev.concert.ensemble.budget.BudgetReservations;
import dev.concert.ensemble.budget.Budgets;
import dev.concert.ensemble.budget.LedgerName;
import dev.concert.ensemble.call.ResponseStore;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.exchange.RecordExchange;
import dev.concert.ensemble.guardrail.Guardrails;
import dev.concert.ensemble.http.HttpServerConfig;
import dev.concert.ensemble.http.RequestBodyHandler;
import dev.concert.ensemble.ledger.CallLedger;
import dev.concert.ensemble.ledger.UsageLedger;
import dev.concert.ensemble.metrics.MetricsAccess;
import dev.concert.ensemble.metrics.MetricsRoute;
import dev.concert.ensemble.pipeline.CallServices;
import dev.concert.ensemble.response.BucketResponses;
import dev.concert.ensemble.response.DiskResponses;
import dev.concert.ensemble.response.RecordedResponseStore;
import dev.concert.ensemble.response.RecordedResponses;
import dev.concert.ensemble.response.ResponseRetention;
import dev.concert.ensemble.response.RevokedKeyCleanup;
import dev.concert.ensemble.response.StoredConversations;
import dev.concert.ensemble.response.StoredResponses;
import dev.concert.ensemble.routing.CallRouter;
import dev.concert.ensemble.routing.EnsembleHealth;
import dev.concert.ensemble.routing.ModelRegistry;
import dev.concert.ensemble.trace.CallSpans;
import dev.concert.ensemble.usage.BusUsageReporter;
import dev.concert.foundation.http.ListeningPorts;
import dev.concert.inference.InferenceMessages.Model;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.ext.web.Router;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Ensemble, the inference gateway: every model call goes through it.
 *
 * <p>Deploy it on an event loop, once per JVM, because the agents' tokens live in this instance. It
 * deploys an {@code HttpLoop} for each event loop that serves. Register the bus codecs first.
 */
public final class EnsembleVerticle extends VerticleBase {
  /** So many numbers stand for a free port. */
  private static final int PLACEHOLDERS = 1_000_000;

  private final EnsembleOptions options;
  private final OpenTelemetry traces;
  private final LongSupplier clockMillis;
  private String nodeHost = "127.0.0.1";
  private final List<HttpLoop> loops = new CopyOnWriteArrayList<>();
  private Optional<Future<Void>> stopping = Optional.empty();
  private ProviderSet providers;
  private ModelRegistry models;

  /** What {@link #stop} closes, the last opened first. */
  private final Deque<Supplier<Future<Void>>> toClose = new ArrayDeque<>();

  public EnsembleVerticle(EnsembleOptions options) {
    this(options, OpenTelemetry.noop());
  }

  /**
   * @param traces receives the spans of calls
   */
  public EnsembleVerticle(EnsembleOptions options, OpenTelemetry traces) {
    this(options, traces, System::currentTimeMillis);
  }

  /**
   * @param traces receives the spans of calls
   * @param clockMillis the clock that rate limits are counted by, in milliseconds since the epoch;
   *     thread-safe
   */
  public EnsembleVerticle(EnsembleOptions options, OpenTelemetry traces, LongSupplier clockMillis) {
    this.options = options;
    this.traces = traces;
    this.clockMillis = clockMillis;
  }

  @Override
  public Future<?> start() {
    return ledger()
        .compose(
            ledger ->
                AccessControl.open(vertx, options.control(), clockMillis)
                    .onSuccess(control -> toClose.addFirst(control::close))
                    .compose(
                        control ->
                            conversations()
                                .compose(
                                    store ->
                                        ledgerName()
                                            .compose(
                                                name -> serve(control, ledger, store, name)))));
  }

  private Future<String> ledgerName() {
    return vertx.executeBlocking(() -> LedgerName.of(options.ledger()), false);
  }

  /** In the bucket of all nodes, if there is one. */
  private Future<RecordedResponses> conversations() {
    return responsesOfThisNode()
        .map(
            store ->
                options
                    .bucket()
                    .<RecordedResponses>map(
                        bucket -> {
                          BucketResponses shared = BucketResponses.open(vertx, bucket, store);
                          toClose.addFirst(shared::close);
                          return shared;
                        })
                    .orElseGet(() -> new DiskResponses(vertx, store)));
  }

  private Future<RecordedResponseStore> responsesOfThisNode() {
    return vertx
        .executeBlocking(() -> RecordedResponseStore.beside(options.ledger()), false)
        .onSuccess(
            store ->
                toClose.addFirst(
                    () ->
                        vertx.executeBlocking(
                            () -> {
                              store.close();
                              return null;
                            },
                            false)));
  }

  private Future<Optional<UsageLedger>> ledger() {
    return options
        .ledger()
        .map(
            file ->
                UsageLedger.open(vertx, file, StoredResponses.interrupted())
                    .onSuccess(open -> toClose.addFirst(() -> open.close(vertx)))
                    .map(Optional::of))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private Future<?> serve(
      AccessControl control,
      Optional<UsageLedger> ledger,
      RecordedResponses conversations,
      String ledgerName) {
    AccessTokens tokens = new AccessTokens(options.apiKeys(), control.issued());
    providers = new ProviderSet(vertx, options, control::providerKey);
    models = new ModelRegistry(providers.of(options), options.routing(), control.limiters());
    control.providerKeys().ifPresent(keys -> keys.onChange(models::refresh));
    CallRouter router = new CallRouter(models, options.routing());
    EnsembleHealth health = new EnsembleHealth(models);
    ConcertBus bus = new ConcertBus(vertx);
    Optional<StoredResponses> responses =
        ledger.map(
            kept ->
                new StoredResponses(
                    vertx, kept.answers(), ResponseRetention.DEFAULT, conversations.answers()));
    MetricsRoute metrics =
        new MetricsRoute(
            models::providers,
            new MetricsAccess(options.host(), options.control().adminKey(), options.apiKeys()));
    Budgets budgets =
        ledger
            .map(kept -> kept.budgets(Clock.systemUTC()))
            .orElseGet(() -> new Budgets(Clock.systemUTC()));
    BudgetReservations reservations =
        control
            .shared(budgets, ledgerName)
            .<BudgetReservations>map(
                shared -> {
                  toClose.addFirst(shared::stop);
                  return shared;
                })
            .orElseGet(() -> BudgetReservations.alone(budgets));
    Allowances allowances = new Allowances(new BusReservations(bus));
    CallServices calls =
        new CallServices(
            tokens,
            router,
            control.admission(),
            reservations,
            allowances,
            ledger.map(CallLedger.class::cast).orElse(CallLedger.NONE),
            responses.map(ResponseStore.class::cast).orElse(ResponseStore.NONE),
            metrics.metrics().and(new CallSpans(traces)).and(new BusUsageReporter(bus)),
            metrics.metrics(),
            Guardrails.of(vertx, options.guardrails()));
    control.onRevocation(
        () -> loops.forEach(loop -> loop.revoke(caller -> !control.isValid(caller))));
    control.onRevocation(
        new RevokedKeyCleanup(
                vertx, conversations, ledger.map(UsageLedger::answers), control::isRevoked)
            ::run);
    Router admin =
        AdminRoutes.router(
            vertx,
            options.control().adminKey(),
            options.control().signIn(),
            new AdminServices(
                control.accounts(),
                reservations,
                ledger.map(UsageLedger::usage),
                control.providerKeys(),
                models::knows,
                new StatusServices(
                    health,
                    models::providers,
                    control.limiters(),
                    router,
                    control::redis,
                    control::usableKeys)));
    return objects(control, reservations, ledger, ledgerName)
        .compose(
            objects ->
                listen(
                    new HttpLoop.Shared(
                        options,
                        tokens,
                        new VisibleModels(models, control.admission()),
                        health,
                        calls,
                        ledger,
                        responses,
                        new StoredConversations(vertx, conversations),
                        objects,
                        admin,
                        new RequestBodyHandler(vertx, HttpServerConfig.BODY_LIMIT),
                        metrics)))
        .onSuccess(listening -> ListeningPorts.add(vertx, actualPort()))
        .compose(listening -> bus.directory().hostOf(bus.node()))
        .onSuccess(host -> nodeHost = host)
        .compose(
            host ->
                new BusService(
                        bus,
                        tokens,
                        models,
                        health,
                        new AllowanceService(vertx, allowances, ledger, conversations),
                        this::baseUrl)
                    .register());
  }

  /** Loops that are to have a free port have the same, which a number below 0 stands for. */
  private Future<Void> listen(HttpLoop.Shared shared) {
    int port =
        options.port() == 0 && options.eventLoops() > 1
            ? -1 - ThreadLocalRandom.current().nextInt(PLACEHOLDERS)
            : options.port();
    Future<Void> all = Future.succeededFuture();
    for (int i = 0; i < options.eventLoops(); i++) {
      HttpLoop loop = new HttpLoop(shared, port, this::stopped);
      all =
          all.compose(before -> vertx.deployVerticle(loop))
              .onSuccess(deployed -> loops.add(loop))
              .mapEmpty();
    }
    return all;
  }

  /** All loops refuse new calls from the same moment on, and then close one after the other. */
  private synchronized Future<Void> stopped() {
    if (stopping.isEmpty()) {
      Future<Void> all = Future.join(loops.stream().map(HttpLoop::drain).toList()).mapEmpty();
      for (HttpLoop loop : loops) {
        all = all.eventually(loop::close);
      }
      stopping = Optional.of(all);
    }
    return stopping.get();
  }

  private Future<VendorObjects> objects(
      AccessControl control,
      BudgetReservations budgets,
      Optional<UsageLedger> ledger,
      String node) {
    return vertx
        .executeBlocking(() -> KeptObjectStore.beside(options.ledger(), node), false)
        .onSuccess(
            kept ->
                toClose.addFirst(
                    () ->
                        vertx.executeBlocking(
                            () -> {
                              kept.close();
                              return null;
                            },
                            false)))
        .compose(
            kept -> {
              Optional<RecordExchange> exchange = control.exchange("objects", kept.records());
              exchange.ifPresent(nodes -> toClose.addFirst(nodes::stop));
              Optional<BatchClaims> claims = control.batchClaims(node);
              claims.ifPresent(all -> toClose.addFirst(all::stop));
              return VendorObjects.open(
                  vertx,
                  kept,
                  models,
                  control.admission(),
                  budgets,
                  ledger,
                  control::isRevoked,
                  exchange,
                  claims,
                  !options.guardrails().isEmpty());
            })
        .onSuccess(
            objects ->
                control.onRevocation(() -> context.runOnContext(now -> objects.cleanup().run())));
  }

  /**
   * Replaces providers, models, prices and routing by those of other options. Calls in progress
   * finish with the old ones. All other options need a restart. Callable from any thread.
   *
   * @return the ids of the models served now; fails with an {@code IllegalArgumentException} that
   *     says what is wrong, and then nothing has changed
   */
  public Future<List<String>> reload(EnsembleOptions other) {
    Promise<List<String>> served = Promise.promise();
    context.runOnContext(
        now -> {
          try {
            models.replace(providers.of(other), other.routing());
            served.complete(models.published().models().stream().map(Model::id).toList());
          } catch (IllegalArgumentException wrong) {
            served.fail(wrong);
          }
        });
    return served.future();
  }

  /**
   * Closes what the event loops shared. They were stopped before: each refuses new calls and drains
   * open ones. What has not ended after the drain time is cut: the client receives an error, and
   * the usage ledger records it.
   */
  @Override
  public Future<?> stop() {
    Future<?> closed = stopped();
    for (Supplier<Future<Void>> close : toClose) {
      closed = closed.eventually(close);
    }
    return closed;
  }

  /** The port it listens on; valid after deployment. */
  public int actualPort() {
    return loops.getFirst().actualPort();
  }

  /** Base URL for agents, without a trailing slash; valid after deployment. */
  public String baseUrl() {
    return options.publicUrl().orElseGet(() -> "http://" + reachableHost() + ":" + actualPort());
  }

  /** Whoever listens on a wildcard address is reached at the address of its node. */
  private String reachableHost() {
    String host =
        switch (options.host()) {
          case "0.0.0.0", "::" -> nodeHost;
          case String named -> named;
        };
    return host.contains(":") ? "[" + host + "]" : host;
  }
}
