package dev.concert.gateway.http;

import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.HealthReport;
import dev.concert.bus.Json;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code GET /health}: how the gateway and the services behind it are.
 *
 * <p>Without the coordinator or Chronicle no turn can run: {@code down}, status 503. Without
 * Ensemble the platform is {@code degraded}, status 200. The answer of the services is remembered
 * for a second, so that whoever asks often costs nothing.
 */
final class HealthRoute implements Handler<RoutingContext> {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final long REMEMBERED_MS = 1000;

  private final ConcertBus bus;
  private final String version;
  private long askedAt;
  private Future<Answer> answer = Future.failedFuture("not asked yet");

  private record Answer(int status, Buffer body) {}

  HealthRoute(ConcertBus bus, String version) {
    this.bus = bus;
    this.version = version;
  }

  @Override
  public void handle(RoutingContext request) {
    long now = System.currentTimeMillis();
    if (now - askedAt > REMEMBERED_MS) {
      askedAt = now;
      answer = ask();
    }
    answer
        .onSuccess(
            known ->
                request
                    .response()
                    .setStatusCode(known.status())
                    .putHeader("Content-Type", "application/json")
                    .end(known.body()))
        .onFailure(request::fail);
  }

  private Future<Answer> ask() {
    Future<HealthReport> podium = probe(Addresses.PODIUM_HEALTH);
    Future<HealthReport> chronicle = probe(Addresses.CHRONICLE_HEALTH);
    Future<HealthReport> ensemble = probe(Addresses.ENSEMBLE_HEALTH);
    return Future.all(List.of(podium, chronicle, ensemble))
        .map(_ -> answer(podium.result(), chronicle.result(), ensemble.result()));
  }

  private Future<HealthReport> probe(Address<HealthReport.Probe, HealthReport> address) {
    return bus.request(address, new HealthReport.Probe(), PATIENCE)
        .recover(
            failure ->
                Future.succeededFuture(
                    new HealthReport("down", Map.of("reason", failure.getMessage()))));
  }

  private Answer answer(HealthReport podium, HealthReport chronicle, HealthReport ensemble) {
    boolean down = isDown(podium) || isDown(chronicle);
    boolean fine =
        List.of(podium, chronicle, ensemble).stream().allMatch(one -> one.status().equals("ok"));
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("status", down ? "down" : fine ? "ok" : "degraded");
    body.put("version", version);
    body.put("podium", podium);
    body.put("chronicle", chronicle);
    body.put("ensemble", ensemble);
    try {
      return new Answer(down ? 503 : 200, Buffer.buffer(Json.MAPPER.writeValueAsBytes(body)));
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException("A health report cannot be written as JSON", e);
    }
  }

  private static boolean isDown(HealthReport report) {
    return report.status().equals("down");
  }
}
