package dev.concert.gateway;

import dev.concert.bus.BusCodecs;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.auth.DevelopmentAuthenticator;
import dev.concert.gateway.session.SessionTimeouts;
import dev.concert.testing.BlockedThreads;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/** The real gateway on a free port, with a played coordinator behind it. */
final class RunningGateway implements AutoCloseable {
  private final BlockedThreads blocked = BlockedThreads.watch();
  final Vertx vertx = Vertx.vertx();
  final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final FakePodium podium;
  final GatewayVerticle verticle;
  final int port;
  private final String deployment;
  private boolean stopped;

  private RunningGateway(GatewayOptions options, Authenticator authenticator) {
    BusCodecs.register(vertx);
    podium = new FakePodium(vertx);
    verticle = new GatewayVerticle(options, authenticator, metrics, "test");
    deployment = await(vertx.deployVerticle(verticle));
    port = verticle.port();
  }

  static RunningGateway start(GatewayOptions options) {
    return new RunningGateway(options, new DevelopmentAuthenticator());
  }

  static GatewayOptions options(Path data) {
    return GatewayOptions.of("127.0.0.1", 0, data);
  }

  static RunningGateway start(Path data) {
    return start(data, SessionTimeouts.DEFAULT);
  }

  static RunningGateway start(Path data, Authenticator authenticator) {
    return start(data, authenticator, UnaryOperator.identity());
  }

  static RunningGateway start(
      Path data, Authenticator authenticator, UnaryOperator<GatewayOptions> configured) {
    return new RunningGateway(configured.apply(options(data)), authenticator);
  }

  static RunningGateway start(Path data, SessionTimeouts timeouts) {
    return start(options(data).withTimeouts(timeouts));
  }

  /** A client that asked for this protocol version. */
  TestClient client(int version) {
    return TestClient.connect(port, "/ws?protocol=" + version);
  }

  TestClient client() {
    return TestClient.connect(port);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(3, TimeUnit.MINUTES);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Stops it, unless it is stopped. */
  void stop() {
    if (stopped) {
      return;
    }
    stopped = true;
    await(vertx.undeploy(deployment));
    // Not composed with the one before: nobody is left then on whose context that would complete.
    await(vertx.close());
  }

  /** Stops it, and fails where an event loop was blocked. */
  @Override
  public void close() {
    stop();
    blocked.assertNone();
  }
}
