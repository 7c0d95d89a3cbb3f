package dev.concert.platform.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.concert.platform.harness.ProgramRun;
import dev.concert.platform.harness.ServerProcess;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code concert ensemble}, as people run it who want no more than a gateway. */
class EnsembleCommandTest {
  private static final String KEY = "key-of-somebody-who-tests";
  private static final Duration SOON = Duration.ofMinutes(2);

  @TempDir Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  private ServerProcess start(Path config) {
    return ServerProcess.start(
        "ensemble",
        folder.resolve("data"),
        Map.of("ENSEMBLE_API_KEY", KEY, "ANTHROPIC_API_KEY", ""),
        "--config",
        config.toString());
  }

  private Path config(String model, String more) throws IOException {
    return Files.writeString(
        folder.resolve("gateway.yaml"),
        """
        ensemble:
          demoDelayMs: 40
          drainSeconds: 20
          providers:
            - name: here
              type: openai-compatible
              baseUrl: http://127.0.0.1:1/v1
              models:
                - {id: %s, inputPrice: "1"%s}
        """
            .formatted(model, more));
  }

  private HttpRequest.Builder request(ServerProcess server, String path) {
    return HttpRequest.newBuilder(URI.create(server.url() + path))
        .timeout(SOON)
        .header("Authorization", "Bearer " + KEY);
  }

  private String models(ServerProcess server) {
    try {
      return http.send(
              request(server, "/v1/models").GET().build(), HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      throw new AssertionError(e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void changedFilesAreServedAndBrokenOnesAreNot() throws Exception {
    Path config = config("first", "");
    try (ServerProcess server = start(config)) {
      assertThat(models(server)).contains("\"first\"", "\"demo\"");

      config("second", "");
      Await.until("the other model", () -> models(server).contains("\"second\""));

      config("third", ", inputPrize: 7");
      Await.until(
          "the complaint",
          () -> server.complaints().contains("ensemble.providers[0].models[0].inputPrize"));
      assertThat(server.complaints())
          .contains(config + " line 9", "The configuration stays as it was")
          .doesNotContain(KEY);
      assertThat(models(server)).contains("\"second\"").doesNotContain("\"third\"");

      config("fourth", "");
      Await.until("the mended file", () -> models(server).contains("\"fourth\""));
      assertThat(server.terminate()).isZero();
    }
  }

  @Test
  void anAnswerThatIsUnderWayAtAStopIsFinished() throws Exception {
    try (ServerProcess server = start(config("first", ""))) {
      String body =
          new JsonObject()
              .put("model", "demo")
              .put("messages", List.of(new JsonObject().put("role", "user").put("content", "help")))
              .encode();
      HttpResponse<java.io.InputStream> answer =
          http.send(
              request(server, "/api/v1/stream")
                  .POST(HttpRequest.BodyPublishers.ofString(body))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        assertThat(lines.readLine()).isEqualTo("event: block");
        ProcessHandle.of(server.pid()).orElseThrow().destroy();

        List<String> rest = lines.lines().toList();

        assertThat(rest).hasSizeGreaterThan(10).contains("event: done");
      }
      assertThat(server.terminate()).isZero();
    }
  }

  @Test
  void aFileThatIsWrongAtTheStartIsNamedWithItsLine() throws Exception {
    Path config = config("first", ", contextWindow: huge");

    ProgramRun.of("ensemble", "--port", "0", "--config", config.toString())
        .expectOneSentence(config + " line 9", "contextWindow");
  }
}
