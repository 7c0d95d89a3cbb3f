package dev.concert.platform;

import dev.concert.bus.BusCodecs;
import dev.concert.ensemble.EnsembleVerticle;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.foundation.tracing.Tracing;
import dev.concert.foundation.tracing.TracingOptions;
import dev.concert.platform.log.LogOptions;
import dev.concert.platform.log.ServerLog;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ensemble without the other services: an LLM gateway without agents. */
public final class EnsembleServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EnsembleServer.class);
  private static final long START_SECONDS = 60;

  /** Added to the time that open answers have. */
  private static final Duration STOP = Duration.ofSeconds(5);

  private final EnsembleOptions options;
  private final DataFolder folder;
  private final Tracing tracing;
  private final Vertx vertx;
  private final EnsembleVerticle ensemble;

  private EnsembleServer(
      EnsembleOptions options, Optional<TracingOptions> traces, DataFolder folder) {
    this.options = options;
    this.folder = folder;
    this.tracing = Tracing.of(traces);
    this.vertx = tracing.vertx();
    this.ensemble = new EnsembleVerticle(options, tracing.api());
  }

  /**
   * Starts it; returns when clients can connect. Blocking.
   *
   * @param options the folders, and the configuration that {@code source} holds
   * @throws PlatformException when it cannot start; the message says why
   */
  public static EnsembleServer start(PlatformOptions options, ConfigSource source) {
    ServerLog.configure(LogOptions.from(options.config(), System.getenv()));
    EnsembleOptions ours = read(options);
    Optional<TracingOptions> traces = TracingOptions.from(options.config(), System.getenv());
    EnsembleServer server = new EnsembleServer(ours, traces, DataFolder.take(options.data()));
    try {
      server.deploy();
      source.follow(server.vertx, server.ensemble, config -> read(options.with(config)));
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static EnsembleOptions read(PlatformOptions options) {
    return Services.ensemble(options, System.getenv()).at(options.host(), options.port());
  }

  private void deploy() {
    BusCodecs.register(vertx);
    try {
      vertx
          .deployVerticle(ensemble)
          .toCompletionStage()
          .toCompletableFuture()
          .get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof BindException
          ? new PlatformException(
              "Port %d on %s is already in use. Choose another with --port (0 picks a free one)."
                  .formatted(options.port(), options.host()))
          : new PlatformException("Ensemble did not start: " + e.getCause().getMessage(), e);
    } catch (TimeoutException e) {
      throw new PlatformException("Ensemble did not start within %d s.".formatted(START_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("The start was interrupted.");
    }
  }

  /** Where clients connect to. */
  public String url() {
    return ensemble.baseUrl();
  }

  /** Refuses new calls and lets running ones end, for as long as is configured. Blocking. */
  @Override
  public void close() {
    Future<Void> closed = vertx.close();
    try {
      closed
          .toCompletionStage()
          .toCompletableFuture()
          .get(options.drain().plus(STOP).toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("Not everything stopped cleanly", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      tracing.close();
      folder.close();
    }
  }
}
