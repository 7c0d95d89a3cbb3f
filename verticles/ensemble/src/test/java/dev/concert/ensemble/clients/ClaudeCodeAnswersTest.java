package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.FakeAnswer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The answers that Claude Code expects of a gateway: a stream, and errors that it understands.
 *
 * <p>Source: https://code.claude.com/docs/en/llm-gateway-protocol
 */
class ClaudeCodeAnswersTest {
  @TempDir static Path folder;
  private static ClaudeCodeCalls calls;

  @BeforeAll
  static void start() {
    calls = new ClaudeCodeCalls(folder.resolve("ledger.db"));
  }

  @AfterAll
  static void stop() {
    calls.close();
  }

  @BeforeEach
  void answer() {
    calls.reset();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | thinking.type: Input should be 'enabled' or 'disabled'",
        "400 | messages.1.content.0: Invalid `signature` in `thinking` block",
        "400 | messages.2.role: Input should be 'user' or 'assistant'",
        "400 | context_management: Extra inputs are not permitted",
        "413 | Request exceeds the maximum allowed number of bytes"
      })
  void aRefusalOfTheVendorComesBackInItsOwnWords(int status, String words) {
    String theirs =
        new JsonObject()
            .put("type", "error")
            .put(
                "error",
                new JsonObject().put("type", "invalid_request_error").put("message", words))
            .put("request_id", "req_011CS")
            .encode();
    calls.script(
        response ->
            response
                .setStatusCode(status)
                .putHeader("content-type", "application/json")
                .end(theirs));

    for (String stream : List.of("true", "false")) {
      HttpResponse<String> answer =
          calls.send(
              ClaudeCodeCalls.withKey(
                  calls.messages(ClaudeCodeCalls.with("{'stream':" + stream + "}"))));

      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.body()).isEqualTo(theirs);
    }
  }

  @Test
  void aRefusalShowsNoKeyOfTheOperator() {
    calls.script(
        response ->
            response
                .setStatusCode(400)
                .putHeader("content-type", "application/json")
                .end(
                    "{\"type\":\"error\",\"error\":{\"message\":\"not for sk-the-vendors-key\"}}"));

    assertThat(calls.send(ClaudeCodeCalls.withKey(calls.messages(ClaudeCodeCalls.BODY))).body())
        .contains("not for ***");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | authentication_error | 502 | api_error",
        "429 | rate_limit_error | 429 | rate_limit_error",
        "529 | overloaded_error | 529 | overloaded_error",
        "500 | api_error | 502 | api_error"
      })
  void whatIsTheOperatorsOrPassesIsAnErrorThatItRetriesOrShows(
      int theirs, String type, int status, String shown) {
    calls.script(
        response ->
            response
                .setStatusCode(theirs)
                .putHeader("retry-after", "7")
                .putHeader("content-type", "application/json")
                .end(
                    "{\"type\":\"error\",\"error\":{\"type\":\""
                        + type
                        + "\",\"message\":\"m\"}}"));

    HttpResponse<String> answer =
        calls.send(ClaudeCodeCalls.withKey(calls.messages(ClaudeCodeCalls.BODY)));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode error = EnsembleClient.json(answer.body());
    assertThat(error.path("type").asText()).isEqualTo("error");
    assertThat(error.path("error").path("type").asText()).isEqualTo(shown);
    if (status == 429 || status == 529) {
      assertThat(answer.headers().firstValue("retry-after")).hasValue("7");
    }
  }

  @Test
  void anAnswerStreamsWhileTheVendorStillWrites() throws Exception {
    List<String> events = new AnthropicWire().events(FakeAnswer.text("Yes.", " No."));
    BlockingQueue<HttpServerResponse> open = new LinkedBlockingQueue<>();
    calls.script(
        response -> {
          response.setChunked(true).putHeader("content-type", "text/event-stream");
          events.subList(0, 4).forEach(response::write);
          open.add(response);
        });
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<InputStream> answer =
          http.send(
              ClaudeCodeCalls.withKey(
                      HttpRequest.newBuilder(
                          URI.create(calls.ensemble().baseUrl() + "/v1/messages?beta=true")))
                  .header("anthropic-version", "2023-06-01")
                  .POST(
                      HttpRequest.BodyPublishers.ofString(ClaudeCodeCalls.with("{'stream':true}")))
                  .build(),
              HttpResponse.BodyHandlers.ofInputStream());
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        assertThat(lines.readLine()).isEqualTo("event: message_start");
        HttpServerResponse rest = open.take();
        events.subList(4, events.size()).forEach(rest::write);
        rest.end();
        assertThat(lines.lines().toList()).contains("event: message_stop");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"HEAD, /, 404", "GET, /v1/nothing, 404", "GET, /v1/messages, 405"})
  void whatItProbesIsAnsweredAndNeverWithAPage(String method, String path, int status)
      throws Exception {
    HttpResponse<String> answer =
        calls.send(
            ClaudeCodeCalls.withKey(
                    HttpRequest.newBuilder(URI.create(calls.ensemble().baseUrl() + path)))
                .method(method, HttpRequest.BodyPublishers.noBody()));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .startsWith("application/json");
  }

  @Test
  void aWrongKeyIsRefusedInTheApisOwnForm() {
    HttpResponse<String> answer =
        calls.send(
            calls.messages(ClaudeCodeCalls.BODY).header("x-api-key", "sk-ant-of-somebody-else"));

    assertThat(answer.statusCode()).isEqualTo(401);
    assertThat(EnsembleClient.json(answer.body()).path("error").path("type").asText())
        .isEqualTo("authentication_error");
  }
}
