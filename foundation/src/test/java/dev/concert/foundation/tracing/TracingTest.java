package dev.concert.foundation.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.concert.foundation.config.ConfigException;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TracingTest {
  private static JsonObject section(String json) {
    return new JsonObject().put("tracing", new JsonObject(json.replace('\'', '"')));
  }

  @Test
  void nobodyIsTracedUntilACollectorIsNamed() {
    assertThat(TracingOptions.from(new JsonObject(), Map.of())).isEmpty();
    assertThat(TracingOptions.from(section("{'serviceName':'mine'}"), Map.of())).isEmpty();
    assertThat(
            TracingOptions.from(
                new JsonObject(), Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", "http://localhost:4318")))
        .isPresent();
    assertThat(TracingOptions.from(section("{'endpoint':'http://localhost:4318/'}"), Map.of()))
        .contains(
            new TracingOptions(Optional.of(URI.create("http://localhost:4318")), "concert", 1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'endpoint':'localhost:4318'}",
        "{'endpoint':7}",
        "{'serviceName':''}",
        "{'sampleRatio':2}",
        "{'sampleRatio':'all'}",
        "{'endpiont':'http://localhost:4318'}"
      })
  void aWrongSettingIsNamed(String json) {
    JsonObject config = section(json);
    String name = config.getJsonObject("tracing").fieldNames().iterator().next();

    assertThatThrownBy(() -> TracingOptions.from(config, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tracing." + name);
  }

  @Test
  void whatAServerAnsweredReachesTheCollector() throws Exception {
    BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          heard.add(new String(body, StandardCharsets.ISO_8859_1));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    try {
      answerOnce("http://127.0.0.1:" + collector.getAddress().getPort());

      String spans = heard.poll(3, TimeUnit.MINUTES);
      assertThat(spans).contains("service-of-a-test", "/of-a-test");
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void aCollectorThatIsAwayHoldsNobodyUp() throws Exception {
    answerOnce("http://127.0.0.1:1");
  }

  /** A traced server that is asked once and closed. */
  private static void answerOnce(String endpoint) throws IOException, InterruptedException {
    Tracing tracing =
        Tracing.of(
            Optional.of(
                new TracingOptions(Optional.of(URI.create(endpoint)), "service-of-a-test", 1)));
    Vertx vertx = tracing.vertx();
    int port =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.response().end("ok"))
            .listen(0, "127.0.0.1")
            .await()
            .actualPort();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/of-a-test")).build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).body()).isEqualTo("ok");
    }
    vertx.close().await();
    tracing.close();
  }
}
