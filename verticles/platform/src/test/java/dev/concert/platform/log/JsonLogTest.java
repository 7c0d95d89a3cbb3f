package dev.concert.platform.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.platform.harness.ProtocolClient;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.platform.harness.TestClient;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole log of a real server, as a program reads it that collects logs. */
class JsonLogTest {
  private static final String FORGED = "ck_forged-by-somebody";
  private static final String TOKEN = "eyJhbGciOiJub25lIn0.a-token-of-somebody.";
  private static final String LINK = "a-link-of-somebody";
  private static final String PROVIDER_KEY = "sk-of-the-operator";
  private static final String ANSWER = "the-answer-nobody-may-see";

  /** Nobody listens there: traces are made, and lost. */
  private static final String NO_COLLECTOR = "http://127.0.0.1:1";

  @TempDir Path folder;

  @Test
  void everyLineIsJsonWithIdsAndWithoutSecrets() throws Exception {
    Path config =
        Files.writeString(folder.resolve("json.yaml"), "logging: {format: json, level: warn}\n");
    Map<String, String> environment =
        Map.of(
            "OPENAI_API_KEY",
            PROVIDER_KEY,
            "LOG_LEVEL",
            "debug",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            NO_COLLECTOR,
            "OTEL_BSP_SCHEDULE_DELAY",
            "100");
    try (ServerProcess server =
            ServerProcess.start(
                "up", folder.resolve("data"), environment, "--config", config.toString());
        HttpClient http = HttpClient.newHttpClient()) {
      String key = createdKey(http, server);
      String refused = requestId(answered(http, server, FORGED));
      answered(http, server, TOKEN);
      answered(http, server, key);
      answered(http, server, "/shared/" + LINK, key);
      TestClient user;
      String turn;
      String crashed;
      JsonNode noSession;
      try (ProtocolClient client = ProtocolClient.connect(server.url())) {
        user = TestClient.echo(client);
        turn = user.start("!secret your password?");
        JsonNode question = user.awaitEvent("question_requested");
        user.answer(question, Map.of("answers", Map.of("answer", ANSWER)));
        user.awaitEnd(turn);
        crashed = user.start("!crash");
        user.awaitEnd(crashed);
        noSession = client.ask("join_session", Map.of("sessionId", "none", "afterSeq", 0));
        assertThat(noSession.path("type").asText()).isEqualTo("error");
      }
      assertThat(server.terminate()).isZero();
      String log = server.complaints();

      List<JsonObject> lines = log.lines().map(JsonObject::new).toList();
      assertThat(lines)
          .allSatisfy(
              line -> {
                assertThat(Instant.parse(line.getString("time"))).isNotNull();
                assertThat(line.fieldNames()).contains("level", "logger", "thread", "message");
              });
      assertThat(lines)
          .anyMatch(has("requestId", refused).and(line -> line.containsKey("code")))
          .anyMatch(
              has("sessionId", user.sessionId())
                  .and(has("turnId", turn))
                  .and(has("tenantId", "dev")))
          .anyMatch(
              has("requestId", noSession.path("requestId").asText())
                  .and(has("code", noSession.path("code").asText()))
                  .and(has("sessionId", "none"))
                  .and(has("tenantId", "dev")))
          .anyMatch(has("instanceId", "agent_" + user.sessionId()).and(has("turnId", crashed)))
          .anyMatch(line -> line.containsKey("traceId"));
      assertThat(log)
          .doesNotContain(FORGED, "a-token-of-somebody", LINK, PROVIDER_KEY, ANSWER, key);
    }
  }

  private static Predicate<JsonObject> has(String field, String value) {
    return line -> value.equals(line.getValue(field));
  }

  private static String createdKey(HttpClient http, ServerProcess server) throws Exception {
    JsonObject wanted = new JsonObject().put("name", "log").put("role", "developer");
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + "/api/keys"))
            .POST(BodyPublishers.ofString(wanted.encode()))
            .build();
    return new JsonObject(http.send(request, BodyHandlers.ofString()).body()).getString("secret");
  }

  private static HttpResponse<String> answered(HttpClient http, ServerProcess server, String token)
      throws IOException, InterruptedException {
    return answered(http, server, "/api/sessions", token);
  }

  private static HttpResponse<String> answered(
      HttpClient http, ServerProcess server, String path, String token)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.url() + path))
            .header("Authorization", "Bearer " + token)
            .build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static String requestId(HttpResponse<String> refusal) {
    assertThat(refusal.statusCode()).isEqualTo(401);
    return Optional.ofNullable(new JsonObject(refusal.body()).getString("requestId")).orElseThrow();
  }
}
