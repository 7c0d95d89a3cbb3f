package dev.concert.gateway;

import dev.concert.bus.BusCodecs;
import dev.concert.gateway.auth.Authenticator;
import dev.concert.gateway.auth.DevelopmentAuthenticator;
import dev.concert.gateway.session.SessionTimes;
import dev.concert.testing.BlockedThreads;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The real gateway on a free port, with a played coordinator behind it. */
final class RunningGateway implements AutoCloseable {
  private final BlockedThreads blocked = BlockedThreads.watch();
  final Vertx vertx = Vertx.vertx();
  final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  final PlayedPodium podium;
  final int port;

  private RunningGateway(Path data, SessionTimes times, Authenticator authenticator) {
    BusCodecs.register(vertx);
    podium = new PlayedPodium(vertx);
    GatewayVerticle gateway =
        new GatewayVerticle(
            GatewayOptions.of("127.0.0.1", 0, data).withTimes(times),
            authenticator,
            metrics,
            "test");
    await(vertx.deployVerticle(gateway));
    port = gateway.port();
  }

  static RunningGateway start(Path data) {
    return start(data, SessionTimes.DEFAULT);
  }

  static RunningGateway start(Path data, Authenticator authenticator) {
    return new RunningGateway(data, SessionTimes.DEFAULT, authenticator);
  }

  static RunningGateway start(Path data, SessionTimes times) {
    return new RunningGateway(data, times, new DevelopmentAuthenticator());
  }

  TestClient client() {
    return TestClient.connect(port);
  }

  static <T> T await(Future<T> future) {
    try {
      return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    await(vertx.close());
    blocked.assertNone();
  }
}
