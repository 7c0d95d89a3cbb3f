package dev.concert.ensemble.provider.chat;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.delta;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Servers that differ from OpenAI's own: whatever they answer reaches the client, whole, streamed
 * or not.
 */
class ServerQuirkTest {
  private static final String EVENTS = "text/event-stream";
  private static final String HI = text("Hi.");

  private static Upstream upstream;
  private static RunningEnsemble ensemble;

  @BeforeAll
  static void start() {
    upstream = new Upstream();
    ensemble = new RunningEnsemble(upstream.options());
  }

  @AfterAll
  static void stop() {
    ensemble.close();
    upstream.close();
  }

  private static Arguments row(
      String what, String type, String body, String text, String calls, String finish) {
    return Arguments.of(what, type, body, text, calls, finish);
  }

  private static Arguments reason(String reason, String finish) {
    return row("finish reason " + reason, EVENTS, data(HI, finish(reason)), "Hi.", "", finish);
  }

  private static String call(String arguments) {
    return delta(
        "{\"tool_calls\":[{\"index\":0,\"id\":\"c1\",\"function\":{\"name\":\"look\",\"arguments\":"
            + arguments
            + "}}]}");
  }

  static List<Arguments> answers() {
    String whole =
        "{\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi.\"},"
            + "\"finish_reason\":\"stop\"}]}";
    return List.of(
        reason("STOP", "stop"),
        reason("MAX_TOKENS", "length"),
        reason("model_length", "length"),
        reason("abort", "length"),
        reason("sensitive", "content_filter"),
        reason("SAFETY", "content_filter"),
        reason("a_new_one", "stop"),
        row(
            "a call that ends with a new reason",
            EVENTS,
            data(call("\"{}\""), finish("eos_token")),
            "",
            "{}",
            "tool_calls"),
        row(
            "arguments as an object",
            EVENTS,
            data(call("{\"at\":1.50}"), finish("TOOL_CALLS")),
            "",
            "{\"at\":1.50}",
            "tool_calls"),
        row(
            "content as an array",
            EVENTS,
            data(
                delta(
                    "{\"content\":[{\"type\":\"thinking\",\"thinking\":[{\"type\":\"text\",\"text\":\"Hm.\"}]}]}"),
                delta(
                    "{\"content\":[{\"type\":\"text\",\"text\":\"Hi\"},{\"type\":\"text\",\"text\":\".\"}]}"),
                finish("stop")),
            "Hi.",
            "",
            "stop"),
        row("events as text", "text/plain", data(HI, finish("stop")), "Hi.", "", "stop"),
        row(
            "events as bytes",
            "application/octet-stream",
            data(HI, finish("stop"), "[DONE]"),
            "Hi.",
            "",
            "stop"),
        row("events as JSON", "application/json", data(HI, finish("stop")), "Hi.", "", "stop"),
        row(
            "one object where a stream was asked for",
            "application/json",
            whole,
            "Hi.",
            "",
            "stop"),
        row("a whole message as the only event", EVENTS, data(whole, "[DONE]"), "Hi.", "", "stop"),
        row(
            "an array of the stream's pieces",
            "application/json",
            "[" + HI + "," + finish("stop") + "]",
            "Hi.",
            "",
            "stop"),
        row("one object as events", EVENTS, "\n" + whole + "\n", "Hi.", "", "stop"),
        row(
            "a character split over two pieces",
            EVENTS,
            data(text("a\\ud83d"), text("\\ude00b"), finish("stop")),
            "a😀b",
            "",
            "stop"),
        row(
            "a character of arguments split over two pieces",
            EVENTS,
            data(
                call("\"{\\\"a\\\":\\\"\\ud83d\""),
                delta(
                    "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"\\ude00\\\"}\"}}]}"),
                finish("tool_calls")),
            "",
            "{\"a\":\"😀\"}",
            "tool_calls"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void reachesTheClientWhole(
      String what, String type, String body, String text, String calls, String finish) {
    upstream.status(200, type, body);

    JsonNode choice = EnsembleClient.json(ask(false)).path("choices").path(0);

    assertThat(choice.path("message").path("content").asText("")).isEqualTo(text);
    assertThat(
            choice
                .path("message")
                .path("tool_calls")
                .path(0)
                .path("function")
                .path("arguments")
                .asText(""))
        .isEqualTo(calls);
    assertThat(choice.path("finish_reason").asText()).isEqualTo(finish);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void reachesTheClientStreamed(
      String what, String type, String body, String text, String calls, String finish) {
    upstream.status(200, type, body);

    StringBuilder streamed = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    String last = "";
    for (String line : ask(true).split("\n")) {
      if (line.startsWith("data: {")) {
        JsonNode choice =
            EnsembleClient.json(line.substring("data: ".length())).path("choices").path(0);
        JsonNode delta = choice.path("delta");
        streamed.append(delta.path("content").asText(""));
        arguments.append(
            delta.path("tool_calls").path(0).path("function").path("arguments").asText(""));
        last = choice.path("finish_reason").asText(last);
      }
    }

    assertThat(streamed).hasToString(text);
    assertThat(arguments).hasToString(calls);
    assertThat(last).isEqualTo(finish);
  }

  @Test
  void aServerReceivesNoFieldThatItDoesNotKnow() throws Exception {
    String provider =
        """
        {"ensemble": {"apiKeys": ["%s"], "retrySeconds": 0, "providers": [{"name": "strict",
          "type": "openai-compatible", "baseUrl": "%s", "models": [{"id": "real", "dropParameters": ["temperature"]}],
          "omitFields": ["stream_options", "parallel_tool_calls"]}]}}
        """
            .formatted(RunningEnsemble.KEY, upstream.url());
    upstream.events(data(HI, finish("stop")));
    upstream.bodies.clear();
    try (RunningEnsemble strict =
        new RunningEnsemble(EnsembleOptions.from(new JsonObject(provider), Map.of()))) {
      ask(strict, false);
      HttpResponse<String> gemini =
          strict
              .client(RunningEnsemble.KEY)
              .post(
                  "/v1beta/models/real:generateContent",
                  "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"temperature\":1}}");
      assertThat(gemini.headers().firstValue("x-ensemble-dropped"))
          .hasValue("generationConfig.temperature");
    }

    assertThat(EnsembleClient.json(upstream.bodies.take()).properties())
        .extracting(Map.Entry::getKey)
        .contains("model", "messages", "stream", "tools")
        .doesNotContain("stream_options", "parallel_tool_calls", "temperature");
  }

  private static String ask(boolean stream) {
    return ask(ensemble, stream);
  }

  private static String ask(RunningEnsemble asked, boolean stream) {
    String body =
        "{\"model\":\"real\",\"stream\":%s,\"temperature\":0,\"parallel_tool_calls\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
                .formatted(stream)
            + "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"look\",\"parameters\":{\"type\":\"object\"}}}]}";
    HttpResponse<String> response =
        asked.client(RunningEnsemble.KEY).post("/v1/chat/completions", body);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    if (asked != ensemble) {
      assertThat(response.headers().firstValue("x-ensemble-dropped"))
          .hasValue("temperature, parallel_tool_calls");
    }
    return response.body();
  }
}
