package dev.concert.platform.trace;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.concert.platform.Platform;
import dev.concert.platform.PlatformOptions;
import dev.concert.platform.harness.Program;
import dev.concert.testing.Await;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trace from the request of a turn to the model call of its agent, with a real agent. */
class TracedTurnTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  /** What comes before the id of a trace in OpenTelemetry's protobuf: field 1, 16 bytes. */
  private static final String TRACE_FIELD = "0a10";

  @TempDir Path data;
  private final List<String> received = new CopyOnWriteArrayList<>();
  private HttpServer collector;

  @BeforeEach
  void start() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
          byte[] body =
              zipped
                  ? new GZIPInputStream(exchange.getRequestBody()).readAllBytes()
                  : exchange.getRequestBody().readAllBytes();
          received.add(HexFormat.of().formatHex(body));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
  }

  @AfterEach
  void stop() {
    collector.stop(0);
  }

  @Test
  void theModelCallOfTheAgentIsInTheTraceOfTheTurnsRequest() throws Exception {
    try (FakeVendor vendor = new FakeVendor(new ChatWire("openai-compatible"));
        Platform platform = start(vendor)) {
      vendor.answer(FakeAnswer.text("hi"));
      String session =
          post(platform, "/api/sessions", "{\"agentType\":\"coding-agent\",\"model\":\"played\"}")
              .getJsonObject("session")
              .getString("id");
      post(platform, "/api/sessions/" + session + "/turns", "{\"text\":\"hello\"}");
      vendor.asked();
      Await.until(() -> hasSpan("chat played"));
    }
  }

  /** Whether a span of this name is in the trace; the name is less than 200 bytes after its id. */
  private boolean hasSpan(String name) {
    String start = TRACE_FIELD + TRACE;
    String end = HexFormat.of().formatHex(name.getBytes(StandardCharsets.UTF_8));
    return received.stream()
        .anyMatch(
            body -> {
              for (int at = body.indexOf(start); at >= 0; at = body.indexOf(start, at + 1)) {
                int next = body.indexOf(TRACE_FIELD, at + start.length());
                int found = body.indexOf(end, at);
                if (found >= 0 && (next < 0 || found < next)) {
                  return true;
                }
              }
              return false;
            });
  }

  private static JsonObject post(Platform platform, String path, String body) throws Exception {
    String answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create(platform.url() + path))
                    .header("traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01")
                    .POST(BodyPublishers.ofString(body))
                    .build(),
                BodyHandlers.ofString())
            .body();
    assertThat(answer).startsWith("{");
    return new JsonObject(answer);
  }

  private Platform start(FakeVendor vendor) {
    JsonObject provider =
        new JsonObject()
            .put("name", "played")
            .put("type", "openai-compatible")
            .put("baseUrl", vendor.url())
            .put("models", JsonArray.of(new JsonObject().put("id", "played")));
    JsonObject config =
        new JsonObject()
            .put("ensemble", new JsonObject().put("providers", JsonArray.of(provider)))
            .put(
                "tracing",
                new JsonObject()
                    .put("endpoint", "http://127.0.0.1:" + collector.getAddress().getPort()));
    return Platform.start(new PlatformOptions("127.0.0.1", 0, data, Program.home(), config));
  }
}
