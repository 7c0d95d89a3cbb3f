package dev.concert.ensemble;

import dev.concert.bus.ConcertBus;
import dev.concert.ensemble.access.AccessTokens;
import dev.concert.ensemble.admin.AdminRoutes;
import dev.concert.ensemble.admin.AdminSources;
import dev.concert.ensemble.admin.StatusSources;
import dev.concert.ensemble.admission.VisibleModels;
import dev.concert.ensemble.answer.AnswerOptions;
import dev.concert.ensemble.answer.KeptAnswers;
import dev.concert.ensemble.api.EnsembleRoutes;
import dev.concert.ensemble.api.HttpDoor;
import dev.concert.ensemble.budget.Budgets;
import dev.concert.ensemble.ledger.CallLedger;
import dev.concert.ensemble.ledger.Ledger;
import dev.concert.ensemble.metrics.MetricsRoute;
import dev.concert.ensemble.routing.EnsembleHealth;
import dev.concert.ensemble.routing.ModelRegistry;
import dev.concert.ensemble.routing.Router;
import dev.concert.ensemble.socket.SocketRoute;
import dev.concert.ensemble.stream.AnswerKeeping;
import dev.concert.ensemble.stream.CallStart;
import dev.concert.ensemble.stream.OpenCalls;
import dev.concert.ensemble.trace.CallSpans;
import dev.concert.ensemble.usage.BusUsageReporter;
import dev.concert.inference.InferenceMessages.Model;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Ensemble, the inference gateway: one door for all model traffic.
 *
 * <p>Deploy it on an event loop, once per JVM: its tokens live in this instance. The bus codecs
 * must have been registered before.
 */
public final class EnsembleVerticle extends VerticleBase {
  /** For what is written and not yet read, when all calls have ended. */
  private static final Duration LAST_BYTES = Duration.ofMillis(500);

  private final EnsembleOptions options;
  private final OpenTelemetry traces;
  private final LongSupplier clockMillis;
  private HttpServer server;
  private OpenCalls open;
  private ProviderSet providers;
  private ModelRegistry models;

  /** What was opened, the last first. */
  private final Deque<Supplier<Future<Void>>> toClose = new ArrayDeque<>();

  public EnsembleVerticle(EnsembleOptions options) {
    this(options, OpenTelemetry.noop());
  }

  /**
   * @param traces where spans of calls go
   */
  public EnsembleVerticle(EnsembleOptions options, OpenTelemetry traces) {
    this(options, traces, System::currentTimeMillis);
  }

  /**
   * @param traces where spans of calls go
   * @param clockMillis by which the minutes of limits are counted, since the epoch; thread-safe
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
                Control.open(vertx, options.control(), clockMillis)
                    .onSuccess(control -> toClose.addFirst(control::close))
                    .compose(control -> serve(control, ledger)));
  }

  private Future<Optional<Ledger>> ledger() {
    return options
        .ledger()
        .map(
            file ->
                Ledger.open(vertx, file, KeptAnswers.interrupted())
                    .onSuccess(open -> toClose.addFirst(() -> open.close(vertx)))
                    .map(Optional::of))
        .orElseGet(() -> Future.succeededFuture(Optional.empty()));
  }

  private Future<?> serve(Control control, Optional<Ledger> ledger) {
    AccessTokens tokens = new AccessTokens(options.apiKeys(), control.issued());
    providers = new ProviderSet(vertx, options, control::providerKey);
    models = new ModelRegistry(providers.of(options), options.routing(), control.limiters());
    control.providerKeys().ifPresent(keys -> keys.onChange(models::refresh));
    Router router = new Router(models, options.routing());
    EnsembleHealth health = new EnsembleHealth(models);
    ConcertBus bus = new ConcertBus(vertx);
    Optional<KeptAnswers> answers =
        ledger.map(books -> new KeptAnswers(vertx, books.answers(), AnswerOptions.DEFAULT));
    MetricsRoute metrics = new MetricsRoute(models::providers);
    CallStart calls =
        new CallStart(
            vertx,
            router,
            control.admission(),
            ledger
                .map(books -> books.budgets(Clock.systemUTC()))
                .orElseGet(() -> new Budgets(Clock.systemUTC())),
            ledger.map(CallLedger.class::cast).orElse(CallLedger.NONE),
            answers.map(AnswerKeeping.class::cast).orElse(AnswerKeeping.NONE),
            metrics.metrics().and(new CallSpans(traces)).and(new BusUsageReporter(bus)),
            metrics.metrics());
    open = calls.open();
    return vertx
        .createHttpServer(HttpDoor.at(options.host(), options.port()))
        .requestHandler(
            metrics.before(
                EnsembleRoutes.router(
                    vertx,
                    tokens,
                    new VisibleModels(models, control.admission()),
                    health,
                    calls,
                    ledger,
                    answers,
                    new SocketRoute(vertx, tokens, calls),
                    AdminRoutes.router(
                        vertx,
                        options.control().adminKey(),
                        new AdminSources(
                            control.accounts(),
                            ledger.map(Ledger::usage),
                            control.providerKeys(),
                            new StatusSources(
                                health,
                                models::providers,
                                control.limiters(),
                                router,
                                control::redis,
                                control::usableKeys))))))
        .listen()
        .onSuccess(listening -> server = listening)
        .compose(
            listening -> new BusService(bus, tokens, models, health, this::baseUrl).register());
  }

  /**
   * Serves the providers, models, prices and routing of other options from now on; what is under
   * way goes on as it began. Everything else of the options needs a restart. Any thread.
   *
   * @return the names of the models; fails with an {@code IllegalArgumentException} that says what
   *     is wrong, and then nothing has changed
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
   * Takes no more calls, which who asks is told; open answers get a moment to end, then they are
   * cut, which their clients see and the books know.
   */
  @Override
  public Future<?> stop() {
    Future<?> closed =
        server == null
            ? Future.succeededFuture()
            : open.stop(vertx, options.drain())
                .eventually(() -> server.shutdown(LAST_BYTES.toMillis(), TimeUnit.MILLISECONDS));
    for (Supplier<Future<Void>> close : toClose) {
      closed = closed.eventually(close);
    }
    return closed;
  }

  /** The port it listens on; valid once deployed. */
  public int actualPort() {
    return server.actualPort();
  }

  /** Base URL as seen by agents, without a trailing slash; valid once deployed. */
  public String baseUrl() {
    return options.publicUrl().orElseGet(() -> "http://" + reachableHost() + ":" + actualPort());
  }

  /** An address that listens to everything is reached from this host by loopback. */
  private String reachableHost() {
    return switch (options.host()) {
      case "0.0.0.0" -> "127.0.0.1";
      case "::" -> "[::1]";
      case String host when host.contains(":") -> "[" + host + "]";
      case String host -> host;
    };
  }
}
