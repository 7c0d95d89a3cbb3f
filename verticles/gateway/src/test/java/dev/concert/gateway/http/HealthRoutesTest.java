package dev.concert.gateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Address;
import dev.concert.bus.Addresses;
import dev.concert.bus.BusCodecs;
import dev.concert.bus.ConcertBus;
import dev.concert.bus.HealthReport;
import dev.concert.gateway.eventlog.EventJournal;
import dev.concert.gateway.health.GatewayHealth;
import dev.concert.gateway.health.ServingState;
import dev.concert.json.Json;
import dev.concert.testing.Await;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What probes are told. */
class HealthRoutesTest {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  @TempDir Path folder;
  private final Vertx vertx = Vertx.vertx();
  private final ServingState state = new ServingState();
  private final AtomicReference<String> podium = new AtomicReference<>("ok");
  private final AtomicReference<String> ensemble = new AtomicReference<>("ok");
  private final AtomicInteger probes = new AtomicInteger();
  private EventJournal journal;
  private HttpServer server;
  private Path data;

  @BeforeEach
  void start() throws Exception {
    data = Files.createDirectory(folder.resolve("data"));
    BusCodecs.register(vertx);
    ConcertBus bus = new ConcertBus(vertx);
    serve(bus, Addresses.PODIUM_HEALTH, podium);
    serve(bus, Addresses.CHRONICLE_HEALTH, new AtomicReference<>("ok"));
    serve(bus, Addresses.ENSEMBLE_HEALTH, ensemble);
    journal = new EventJournal(data.resolve("journal.db"), new SimpleMeterRegistry());
    journal.start();
    Router router = Router.router(vertx);
    new HealthRoutes(new GatewayHealth(vertx, bus, data, journal, Map.of()), state, "1.2.3")
        .add(router);
    server = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
  }

  private void serve(
      ConcertBus bus,
      Address<HealthReport.Probe, HealthReport> address,
      AtomicReference<String> status) {
    bus.serve(
        address,
        _ -> {
          probes.incrementAndGet();
          return Future.succeededFuture(new HealthReport(status.get(), Map.of()));
        });
  }

  @AfterEach
  void stop() {
    await(vertx.close());
    journal.close();
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().join();
  }

  private HttpResponse<String> get(String path) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + "/" + path))
              .build(),
          BodyHandlers.ofString());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** The parts are checked again when what was found of them is no longer fresh. */
  private JsonNode awaitStatus(String path, int status) throws Exception {
    Await.until(path + " with " + status, () -> get(path).statusCode() == status);
    return Json.MAPPER.readTree(get(path).body());
  }

  @Test
  void whileItStartsItIsLiveAndNotReady() throws Exception {
    assertThat(get("health/live").statusCode()).isEqualTo(200);
    assertThat(get("health/live").body()).contains("\"version\":\"1.2.3\"");
    assertThat(awaitStatus("health/ready", 503).path("phase").asText()).isEqualTo("starting");
    state.serve();
    assertThat(awaitStatus("health/ready", 200).path("phase").asText()).isEqualTo("serving");
  }

  @Test
  void whileItDrainsItIsHealthyAndNotReadyAtOnce() throws Exception {
    state.serve();
    awaitStatus("health/ready", 200);
    state.drain();
    assertThat(get("health/ready").statusCode()).isEqualTo(503);
    assertThat(get("health").statusCode()).isEqualTo(200);
  }

  @Test
  void withoutPodiumItIsDownAndNotReady() throws Exception {
    state.serve();
    podium.set("down");
    assertThat(awaitStatus("health", 503).path("podium").path("status").asText()).isEqualTo("down");
    awaitStatus("health/ready", 503);
    assertThat(get("health/live").statusCode()).isEqualTo(200);

    podium.set("ok");
    awaitStatus("health/ready", 200);
  }

  @Test
  void withoutEnsembleItIsDegradedAndReady() throws Exception {
    state.serve();
    ensemble.set("down");
    JsonNode health = awaitStatus("api/health", 200);
    assertThat(health.path("status").asText()).isEqualTo("degraded");
    assertThat(health.path("ensemble").path("status").asText()).isEqualTo("down");
    awaitStatus("health/ready", 200);
  }

  @Test
  void withoutStorageItIsDownAndTheReasonNamesNoPath() throws Exception {
    state.serve();
    awaitStatus("health/ready", 200);
    Path away = folder.resolve("away");
    Files.move(data, away);

    JsonNode ready = awaitStatus("health/ready", 503);
    assertThat(ready.path("storage").path("details").path("reason").asText())
        .isEqualTo("the data folder cannot be written");

    Files.move(away, data);
    awaitStatus("health/ready", 200);
  }

  @Test
  void aFloodOfProbesChecksThePartsOnceASecond() {
    state.serve();
    long begin = System.nanoTime();
    for (int i = 0; i < 500; i++) {
      assertThat(get("health").statusCode()).isEqualTo(200);
    }
    long seconds = (System.nanoTime() - begin) / 1_000_000_000 + 1;
    assertThat(probes.get()).isLessThanOrEqualTo((int) (3 * (seconds + 1)));
  }
}
