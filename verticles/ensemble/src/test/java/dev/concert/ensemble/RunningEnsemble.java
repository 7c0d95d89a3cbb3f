package dev.concert.ensemble;

import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.inference.InferenceMessages.Access;
import dev.concert.inference.InferenceMessages.OpenAccess;
import dev.concert.testing.BlockedThreads;
import io.opentelemetry.api.OpenTelemetry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.tracing.opentelemetry.OpenTelemetryTracingFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Ensemble as it is deployed, with a watch over blocked event loops. */
public final class RunningEnsemble implements AutoCloseable {
  public static final String KEY = "development-key-of-a-test";
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final BlockedThreads blocked = BlockedThreads.watch();
  private final Vertx vertx;
  private final EnsembleVerticle verticle;
  private final ConcertBus bus;
  private final String deployment;

  public RunningEnsemble(ProviderOptions... providers) {
    this(
        new EnsembleOptions(
            "127.0.0.1", 0, Optional.empty(), List.of(KEY), List.of(providers), Duration.ZERO));
  }

  public RunningEnsemble(EnsembleOptions options) {
    this(options, Vertx.builder(), OpenTelemetry.noop(), System::currentTimeMillis);
  }

  /** On another clock for its limits. */
  public RunningEnsemble(EnsembleOptions options, LongSupplier clockMillis) {
    this(options, Vertx.builder(), OpenTelemetry.noop(), clockMillis);
  }

  /** With its traces. */
  public RunningEnsemble(EnsembleOptions options, OpenTelemetry traces) {
    this(
        options,
        Vertx.builder().withTracer(new OpenTelemetryTracingFactory(traces)),
        traces,
        System::currentTimeMillis);
  }

  private RunningEnsemble(
      EnsembleOptions options,
      VertxBuilder builder,
      OpenTelemetry traces,
      LongSupplier clockMillis) {
    vertx =
        builder
            .with(
                new VertxOptions()
                    .setMaxEventLoopExecuteTime(TimeUnit.SECONDS.toNanos(2))
                    .setWarningExceptionTime(TimeUnit.SECONDS.toNanos(1))
                    .setBlockedThreadCheckInterval(100))
            .build();
    BusCodecs.register(vertx);
    bus = new ConcertBus(vertx);
    verticle = new EnsembleVerticle(options, traces, clockMillis);
    deployment = await(vertx.deployVerticle(verticle));
  }

  /** As at SIGTERM; completes when it has stopped. */
  public Future<Void> stop() {
    return vertx.undeploy(deployment);
  }

  /** A client with the key of the configuration. */
  public EnsembleClient client() {
    return client(KEY);
  }

  public EnsembleClient client(String token) {
    return new EnsembleClient(verticle.baseUrl(), token);
  }

  public Access open(String instanceId) {
    return await(
        bus.request(Addresses.OPEN_ACCESS, new OpenAccess(instanceId, "tenant-1", null), TIMEOUT));
  }

  /** Names of the models that are served then. */
  public Future<List<String>> reload(EnsembleOptions options) {
    return verticle.reload(options);
  }

  public ConcertBus bus() {
    return bus;
  }

  public Vertx vertx() {
    return vertx;
  }

  public int port() {
    return verticle.actualPort();
  }

  public String baseUrl() {
    return verticle.baseUrl();
  }

  public static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (java.util.concurrent.ExecutionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : new IllegalStateException(e);
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
    blocked.assertNone();
  }
}
