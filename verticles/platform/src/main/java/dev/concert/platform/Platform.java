package dev.concert.platform;

import dev.concert.bus.BusCodecs;
import dev.concert.chronicle.workspace.ChronicleVerticle;
import dev.concert.coordinator.CoordinatorVerticle;
import dev.concert.ensemble.EnsembleVerticle;
import dev.concert.foundation.tracing.Tracing;
import dev.concert.gateway.GatewayVerticle;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All services in one JVM. */
public final class Platform implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Platform.class);
  private static final long START_SECONDS = 60;
  private static final long STOP_SECONDS = 9;

  /** One that takes longer must not keep those after it from stopping. */
  private static final long STOP_SERVICE_SECONDS = 4;

  private final PlatformOptions options;
  private final DataFolder folder;
  private final Tracing tracing;
  private final Vertx vertx;
  private final Deque<String> deployments = new ConcurrentLinkedDeque<>();
  private final ChronicleVerticle chronicle;
  private final EnsembleVerticle ensemble;
  private final GatewayVerticle gateway;

  private Platform(PlatformOptions options, Services services, DataFolder folder) {
    this.options = options;
    this.folder = folder;
    this.tracing = Tracing.of(services.tracing());
    this.vertx = tracing.vertx();
    this.ensemble = new EnsembleVerticle(services.ensemble(), tracing.api());
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    this.chronicle = new ChronicleVerticle(services.chronicle(), metrics);
    this.gateway = new GatewayVerticle(services.gateway(), metrics, Version.current());
  }

  /**
   * Starts everything; returns when clients can connect. Blocking.
   *
   * @throws PlatformException when something is in the way
   */
  public static Platform start(PlatformOptions options) {
    Services services = Services.read(options, System.getenv());
    Platform platform = new Platform(options, services, DataFolder.take(options.data()));
    try {
      platform.deploy(services);
      return platform;
    } catch (RuntimeException e) {
      platform.close();
      throw e;
    }
  }

  private void deploy(Services services) {
    BusCodecs.register(vertx);
    Future<?> start = Future.succeededFuture();
    for (Deployable service :
        List.of(chronicle, ensemble, new CoordinatorVerticle(services.coordinator()), gateway)) {
      start = start.compose(_ -> vertx.deployVerticle(service)).onSuccess(deployments::push);
    }
    try {
      start.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw explain(e.getCause());
    } catch (TimeoutException e) {
      throw new PlatformException(
          "The services did not start within %d s; `concert doctor` may tell why."
              .formatted(START_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("The start was interrupted.");
    }
  }

  private PlatformException explain(Throwable cause) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      switch (one) {
        case BindException refused when isOfAnotherMachine(refused) -> {
          return unknownHost();
        }
        case BindException _ -> {
          return new PlatformException(
              "Port %d of %s cannot be had: stop what listens there, or choose another with --port (0 picks a free one)."
                  .formatted(options.port(), options.host()));
        }
        case UnresolvedAddressException _ -> {
          return unknownHost();
        }
        case UnknownHostException _ -> {
          return unknownHost();
        }
        default -> {
          // The reason may lie deeper.
        }
      }
    }
    return new PlatformException("The services did not start: " + cause.getMessage(), cause);
  }

  private static boolean isOfAnotherMachine(BindException refused) {
    return String.valueOf(refused.getMessage()).contains("assign requested address");
  }

  private PlatformException unknownHost() {
    return new PlatformException(
        "This machine has no address '%s' to listen on; choose another with --host."
            .formatted(options.host()));
  }

  /** Serves what the files say about Ensemble's providers whenever they change. */
  public void follow(ConfigSource source) {
    new ConfigWatch(
            vertx,
            source,
            () -> Services.ensemble(options.with(source.read()), System.getenv()),
            ensemble)
        .start();
  }

  /** Where clients connect to, for example {@code http://127.0.0.1:8080}. */
  public String url() {
    String name = options.host().equals("0.0.0.0") ? "127.0.0.1" : options.host();
    return "http://%s:%d".formatted(name.contains(":") ? "[" + name + "]" : name, gateway.port());
  }

  /**
   * Lets clients go, then stops agents, then unmounts workspaces: the reverse of the start.
   * Blocking, below 10 s.
   */
  @Override
  public void close() {
    Future<?> stop = Future.succeededFuture();
    for (String id : deployments) {
      stop =
          stop.eventually(() -> vertx.undeploy(id).timeout(STOP_SERVICE_SECONDS, TimeUnit.SECONDS));
    }
    try {
      stop.eventually(vertx::close)
          .toCompletionStage()
          .toCompletableFuture()
          .get(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      chronicle.hideMounts();
      LOG.warn("Not everything stopped cleanly; the next start clears what is left", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tracing.close();
      folder.close();
    }
  }
}
