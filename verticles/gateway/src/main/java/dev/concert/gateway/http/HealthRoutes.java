package dev.concert.gateway.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.concert.bus.HealthReport;
import dev.concert.foundation.health.PartsHealth;
import dev.concert.foundation.health.PartsHealth.Level;
import dev.concert.gateway.health.GatewayHealth;
import dev.concert.gateway.health.ServingState;
import dev.concert.gateway.health.ServingState.Phase;
import dev.concert.json.Json;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What probes ask: {@code /health/live}, {@code /health/ready} and {@code /health}.
 *
 * <p>Live says only that the process answers. Ready is 503 while a part is down without which no
 * turn can run, and while the gateway drains. {@code /health} shows every part; a gateway that
 * drains is still healthy. Each result is encoded once, so that frequent requests cost nothing.
 */
final class HealthRoutes {
  private static final String HEALTH = "/health";
  private static final String API_HEALTH = "/api/health";
  private static final String LIVE = "/health/live";
  private static final String READY = "/health/ready";
  private static final Set<String> PATHS = Set.of(HEALTH, API_HEALTH, LIVE, READY);

  private final GatewayHealth health;
  private final ServingState state;
  private final String version;
  private final Buffer live;
  private Optional<Encoded> last = Optional.empty();

  /** The bodies of one result in one phase. */
  private record Encoded(
      Future<PartsHealth.Result> of,
      Phase phase,
      boolean isUp,
      boolean isReady,
      Buffer health,
      Buffer ready) {}

  HealthRoutes(GatewayHealth health, ServingState state, String version) {
    this.health = health;
    this.state = state;
    this.version = version;
    this.live = encode(Map.of("status", "ok", "version", version));
  }

  /** Whether everybody may ask for this path: a probe has no credential. */
  static boolean concern(String path) {
    return PATHS.contains(path);
  }

  void add(Router router) {
    Routes.get(router, LIVE, request -> HttpReply.sendJson(request, live));
    Routes.get(router, READY, this::ready);
    Routes.get(router, HEALTH, this::health);
    Routes.get(router, API_HEALTH, this::health);
  }

  private void ready(RoutingContext request) {
    whenChecked(request, found -> send(request, found.isReady(), found.ready()));
  }

  private void health(RoutingContext request) {
    whenChecked(request, found -> send(request, found.isUp(), found.health()));
  }

  private static void send(RoutingContext request, boolean ok, Buffer body) {
    request.response().setStatusCode(ok ? 200 : 503);
    HttpReply.sendJson(request, body);
  }

  private void whenChecked(RoutingContext request, Handler<Encoded> then) {
    Future<PartsHealth.Result> check = health.check();
    check.onSuccess(found -> then.handle(encoded(check, found))).onFailure(request::fail);
  }

  private Encoded encoded(Future<PartsHealth.Result> check, PartsHealth.Result found) {
    Phase phase = state.phase();
    Optional<Encoded> known = last.filter(one -> one.of() == check && one.phase() == phase);
    if (known.isPresent()) {
      return known.get();
    }
    boolean ready = phase == Phase.SERVING && found.level() != Level.DOWN;
    Encoded fresh =
        new Encoded(
            check,
            phase,
            found.level() != Level.DOWN,
            ready,
            body(wireName(found.level()), phase, found),
            body(ready ? "ok" : "down", phase, found));
    last = Optional.of(fresh);
    return fresh;
  }

  private Buffer body(String status, Phase phase, PartsHealth.Result found) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", status);
    body.put("version", version);
    body.put("phase", phase.wireName());
    found
        .parts()
        .forEach(
            (name, part) ->
                body.put(name, new HealthReport(wireName(part.level()), part.details())));
    return encode(body);
  }

  private static Buffer encode(Map<String, ?> body) {
    try {
      return Buffer.buffer(Json.MAPPER.writeValueAsBytes(body));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("A health report cannot be written as JSON", e);
    }
  }

  private static String wireName(Level level) {
    return level.name().toLowerCase(Locale.ROOT);
  }
}
