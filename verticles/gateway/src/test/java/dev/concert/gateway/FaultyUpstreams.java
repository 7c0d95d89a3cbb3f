package dev.concert.gateway;

import static dev.concert.gateway.RunningGateway.await;

import dev.concert.bus.Breakers;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.BusNode;
import dev.concert.bus.Service;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.openid.IssuerClient;
import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.foundation.openid.TokenVerifier;
import dev.concert.gateway.auth.JwtAuthenticator;
import dev.concert.gateway.member.MemberOptions;
import dev.concert.gateway.member.RegistryMemberships;
import dev.concert.gateway.registry.Registries;
import dev.concert.gateway.registry.TenantIds;
import dev.concert.gateway.session.SessionTimeouts;
import dev.concert.gateway.tenant.Tenants;
import dev.concert.testing.TestIssuer;
import dev.concert.testing.TestIssuer.Behavior;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryContext;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A real gateway whose Podium, Ensemble and token issuer fail as a test says. */
final class FaultyUpstreams implements AutoCloseable {
  /** How one of them fails. */
  enum Fault {
    /** Nobody is there. */
    STOPPED,
    /** Nobody answers. */
    HUNG,
    /** Each answer takes a while. */
    SLOW
  }

  /** What the gateway depends on. */
  enum Upstream {
    PODIUM(ErrorCode.PODIUM_UNAVAILABLE),
    ENSEMBLE(ErrorCode.ENSEMBLE_UNAVAILABLE),
    ISSUER(ErrorCode.ISSUER_UNAVAILABLE);

    private final ErrorCode unavailable;

    Upstream(ErrorCode unavailable) {
      this.unavailable = unavailable;
    }

    /** Says that it is not there. */
    ErrorCode unavailable() {
      return unavailable;
    }
  }

  /** Shorter than that of production, for a fault that only a timeout ends. */
  private static final Duration SHORT = Duration.ofSeconds(1);

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Duration BREAKER_PAUSE = Duration.ofSeconds(1);
  private static final long SLOWNESS_MS = 100;

  private final Vertx vertx = Vertx.vertx();
  private final TestIssuer issuer = TestIssuer.start(vertx);
  private final Map<Upstream, String> deployed = new EnumMap<>(Upstream.class);
  private final Map<String, Fault> faults = new ConcurrentHashMap<>();
  private final Upstream upstream;
  private final Fault fault;
  private final int port;
  private final ApiClient api;
  private final String token;

  /**
   * @param upstream that will fail
   * @param fault its fault; nothing fails yet
   */
  FaultyUpstreams(Path data, Upstream upstream, Fault fault) {
    this.upstream = upstream;
    this.fault = fault;
    BusCodecs.register(vertx, BusNode.alone(new Breakers(vertx, BREAKER_PAUSE)));
    vertx.eventBus().addInboundInterceptor(this::deliver);
    deploy(Upstream.PODIUM);
    deploy(Upstream.ENSEMBLE);
    Registries registries = new Registries(vertx, data.resolve("tenants"));
    await(new Tenants(registries).create("acme", "Acme", "ada@example.com"));
    SessionTimeouts usual = SessionTimeouts.DEFAULT;
    GatewayVerticle gateway =
        new GatewayVerticle(
            RunningGateway.options(data)
                .withTimeouts(
                    new SessionTimeouts(
                        timeoutOf(Upstream.PODIUM), usual.silence(), usual.stop(), usual.idle())),
            authenticator(timeoutOf(Upstream.ISSUER), registries),
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
            "test");
    await(vertx.deployVerticle(gateway));
    this.port = gateway.port();
    this.api = new ApiClient(port);
    this.token = issuer.token("ada", "acme");
  }

  private Duration timeoutOf(Upstream other) {
    return upstream == other && fault == Fault.HUNG ? SHORT : LONG;
  }

  private JwtAuthenticator authenticator(Duration timeout, Registries registries) {
    OpenIdOptions options = OpenIdOptions.of(URI.create(issuer.url()), TestIssuer.AUDIENCE);
    IssuerClient client = new IssuerClient(vertx, options, timeout);
    return new JwtAuthenticator(
        new TokenVerifier(vertx, options, client, TenantIds::isValid),
        new RegistryMemberships(registries, MemberOptions.DEFAULT),
        options.clockSkew());
  }

  private void deploy(Upstream service) {
    Consumer<Vertx> start =
        service == Upstream.ENSEMBLE
            ? inside -> new FakeEnsemble().on(inside)
            : inside ->
                new FakePodium(inside).answer =
                    message -> List.of(FakePodium.completed(message.messageId(), "done"));
    VerticleBase verticle =
        new VerticleBase() {
          @Override
          public Future<?> start() {
            start.accept(vertx);
            return Future.succeededFuture();
          }
        };
    deployed.put(service, await(vertx.deployVerticle(verticle)));
  }

  private void deliver(DeliveryContext<Object> delivery) {
    switch (faults.get(delivery.message().address().split("@")[0])) {
      case HUNG -> {
        // A service that hangs reads nothing.
      }
      case SLOW -> vertx.setTimer(SLOWNESS_MS, _ -> delivery.next());
      case STOPPED -> delivery.next();
      case null -> delivery.next();
    }
  }

  /** From now on it fails. */
  void begin() {
    switch (upstream) {
      case ISSUER -> {
        switch (fault) {
          case STOPPED -> issuer.stop();
          case HUNG -> issuer.behave(Behavior.SILENT);
          case SLOW -> issuer.behave(Behavior.SLOW);
        }
      }
      case PODIUM -> begin(Service.PODIUM);
      case ENSEMBLE -> begin(Service.ENSEMBLE);
    }
  }

  private void begin(Service service) {
    if (fault == Fault.STOPPED) {
      await(vertx.undeploy(deployed.remove(upstream)));
    } else {
      faults.put(service.wireName(), fault);
    }
  }

  /** From now on it is well. */
  void end() {
    faults.clear();
    issuer.behave(Behavior.RIGHT);
    if (fault == Fault.STOPPED) {
      switch (upstream) {
        case ISSUER -> issuer.restart();
        case PODIUM, ENSEMBLE -> deploy(upstream);
      }
    }
  }

  /** A request that needs it: only Podium knows that there is no such type of agent. */
  HttpResponse<String> ask() {
    String bearer = "Bearer " + token;
    return switch (upstream) {
      case PODIUM -> api.post("/api/sessions", "{'agentType':'none'}", "Authorization", bearer);
      case ENSEMBLE -> api.get("/api/models", "Authorization", bearer);
      case ISSUER -> api.get("/api/sessions", "Authorization", bearer);
    };
  }

  /** Whether such a request was served. */
  boolean isServed(HttpResponse<String> answer) {
    return upstream == Upstream.PODIUM
        ? answer.body().contains("AGENT_TYPE_UNKNOWN")
        : answer.statusCode() == 200;
  }

  boolean isAlive() {
    return api.get("/health/live").statusCode() == 200;
  }

  TestClient connect() {
    return TestClient.connectAs(port, token);
  }

  /** A client does not send again at once: it may send so many messages in a time. */
  void pause() {
    await(vertx.timer(SHORT.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
