package dev.concert.ensemble.provider.chat;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.delta;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.Sse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Exchanges as OpenAI and the servers that copy it send them. */
class ChatStreamTest {
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

  @BeforeEach
  void forget() {
    upstream.bodies.clear();
    upstream.authorizations.clear();
  }

  private static Sse stream() {
    return ensemble.client().stream(Requests.REAL);
  }

  @Test
  void streamsTextAndCountsWhatTheProviderCounted() {
    upstream.events(
        data(delta("{\"role\":\"assistant\",\"content\":\"\"}"), text("Hel"), text("lo")),
        data(finish("stop"), usage(1000, 400, 20), "[DONE]"));

    Sse answer = stream();

    assertThat(answer.joined("text")).isEqualTo("Hello");
    JsonNode done = answer.last().data();
    assertThat(answer.last().name()).isEqualTo("done");
    assertThat(done.path("blocks")).hasSize(1);
    assertThat(done.path("model").asText()).isEqualTo("real");
    assertThat(done.path("provider").asText()).isEqualTo("scripted");
    assertThat(done.path("finish_reason").asText()).isEqualTo("end_turn");
    assertThat(done.path("input_tokens").asLong()).isEqualTo(600);
    assertThat(done.path("cached_tokens").asLong()).isEqualTo(400);
    assertThat(done.path("output_tokens").asLong()).isEqualTo(20);
    // 600 × 3 + 400 × 0.30 + 20 × 15 dollars for a million
    assertThat(done.path("cost").asText()).isEqualTo("0.00222");
    assertThat(done.path("id").asText()).isEqualTo(answer.requestId()).isNotEmpty();
  }

  @Test
  void asksTheProviderInItsOwnFormWithItsOwnKey() throws InterruptedException {
    upstream.events(data(text("x"), finish("stop"), "[DONE]"));

    stream();

    JsonNode sent = EnsembleClient.json(upstream.bodies.take());
    assertThat(upstream.authorizations.take()).isEqualTo("Bearer " + Upstream.KEY);
    assertThat(sent.path("model").asText()).isEqualTo("vendor/real-1");
    assertThat(sent.path("stream").asBoolean()).isTrue();
    assertThat(sent.path("stream_options").path("include_usage").asBoolean()).isTrue();
    assertThat(sent.path("max_tokens").asInt()).isEqualTo(1000);
    assertThat(sent.path("messages").path(0).path("role").asText()).isEqualTo("system");
    assertThat(sent.path("tools").path(0).path("function").path("name").asText())
        .isEqualTo("read_file");
  }

  @Test
  void putsParallelToolCallsTogetherFromInterleavedPieces() {
    upstream.events(
        data(
            delta(
                call(
                    0,
                    "\"id\":\"call_a\",\"type\":\"function\",",
                    "\"name\":\"read_file\",\"arguments\":\"\"")),
            delta(call(0, "", "\"arguments\":\"{\\\"path\\\":\"")),
            delta(
                call(
                    1,
                    "\"id\":\"call_b\",\"type\":\"function\",",
                    "\"name\":\"bash\",\"arguments\":\"\"")),
            delta(call(1, "", "\"arguments\":\"{\\\"command\\\":\\\"ls\\\"}\"")),
            delta(call(0, "", "\"arguments\":\"\\\"a.txt\\\"}\"")),
            finish("tool_calls"),
            "[DONE]"));

    Sse answer = stream();

    JsonNode done = answer.last().data();
    assertThat(done.path("finish_reason").asText()).isEqualTo("tool_use");
    assertThat(answer.types())
        .containsExactly(
            "tool_call_start",
            "tool_call_delta",
            "tool_call_start",
            "tool_call_delta",
            "tool_call_delta",
            "tool_call",
            "tool_call");
    JsonNode first = done.path("blocks").path(0).path("tool_call");
    JsonNode second = done.path("blocks").path(1).path("tool_call");
    assertThat(first.path("id").asText()).isEqualTo("call_a");
    assertThat(first.path("arguments").path("path").asText()).isEqualTo("a.txt");
    assertThat(second.path("raw_arguments").asText()).isEqualTo("{\"command\":\"ls\"}");
  }

  @Test
  void givesCallsWithTheSameIdDifferentOnes() {
    upstream.events(
        data(
            delta(call(0, "\"id\":\"same\",", "\"name\":\"a\",\"arguments\":\"{}\"")),
            delta(call(1, "\"id\":\"same\",", "\"name\":\"b\",\"arguments\":\"{}\"")),
            finish("tool_calls"),
            "[DONE]"));

    JsonNode blocks = stream().last().data().path("blocks");

    assertThat(blocks).hasSize(2);
    assertThat(blocks.path(0).path("tool_call").path("id").asText())
        .isNotEqualTo(blocks.path(1).path("tool_call").path("id").asText());
  }

  @Test
  void toldApartByTheirIdsWhereAServerNumbersEveryCallZero() {
    upstream.events(
        data(
            delta(call(0, "\"id\":\"a\",", "\"name\":\"one\",\"arguments\":\"{}\"")),
            delta(call(0, "\"id\":\"b\",", "\"name\":\"two\",\"arguments\":\"{}\"")),
            finish("stop"),
            "[DONE]"));

    JsonNode done = stream().last().data();

    assertThat(done.path("finish_reason").asText()).isEqualTo("tool_use");
    assertThat(done.path("blocks").path(1).path("tool_call").path("name").asText())
        .isEqualTo("two");
  }

  @Test
  void passesArgumentsThatAreNotJsonOnAsTheyAre() {
    upstream.events(
        data(
            delta(call(0, "\"id\":\"a\",", "\"name\":\"bash\",\"arguments\":\"{broken\"")),
            finish("tool_calls"),
            "[DONE]"));

    JsonNode call = stream().last().data().path("blocks").path(0).path("tool_call");

    assertThat(call.get("arguments").isNull()).isTrue();
    assertThat(call.path("raw_arguments").asText()).isEqualTo("{broken");
  }

  @ParameterizedTest
  @CsvSource({"reasoning_content", "reasoning"})
  void showsReasoningAsThinking(String field) {
    upstream.events(
        data(delta("{\"" + field + "\":\"Hm. \"}"), delta("{\"" + field + "\":\"Yes.\"}")),
        data(text("Right"), finish("stop"), "[DONE]"));

    Sse answer = stream();

    assertThat(answer.joined("thinking")).isEqualTo("Hm. Yes.");
    assertThat(answer.last().data().path("blocks").path(0).path("type").asText())
        .isEqualTo("thinking");
  }

  @ParameterizedTest
  @CsvSource({"stop,end_turn", "length,max_tokens", "content_filter,refusal"})
  void namesWhyItEnded(String theirs, String ours) {
    upstream.events(data(text("x"), finish(theirs), "[DONE]"));

    assertThat(stream().last().data().path("finish_reason").asText()).isEqualTo(ours);
  }

  @Test
  void aRefusalIsTextAndAFinishReason() {
    upstream.events(data(delta("{\"refusal\":\"I will not.\"}"), finish("stop"), "[DONE]"));

    Sse answer = stream();

    assertThat(answer.joined("text")).isEqualTo("I will not.");
    assertThat(answer.last().data().path("finish_reason").asText()).isEqualTo("refusal");
  }

  @Test
  void estimatesWhatTheProviderDidNotCount() {
    upstream.events(data(text("12345678"), finish("stop"), "[DONE]"));

    JsonNode done = stream().last().data();

    assertThat(done.path("output_tokens").asInt()).isEqualTo(2);
    assertThat(done.path("input_tokens").asInt()).isPositive();
  }

  @Test
  void takesACleanEndAfterAFinishReasonForTheEndMark() {
    upstream.events(data(text("whole"), finish("stop")));

    assertThat(stream().last().name()).isEqualTo("done");
  }

  @Test
  void generateGivesTheSameInOnePiece() {
    upstream.events(data(text("Hel"), text("lo"), finish("stop"), usage(10, 0, 2), "[DONE]"));

    var response = ensemble.client().post("/api/v1/generate", Requests.REAL);

    assertThat(response.statusCode()).isEqualTo(200);
    JsonNode body = EnsembleClient.json(response.body());
    assertThat(body.path("blocks").path(0).path("text").asText()).isEqualTo("Hello");
    assertThat(body.path("cost").asText()).isEqualTo("0.00006");
  }

  private static String call(int index, String head, String function) {
    return "{\"tool_calls\":[{\"index\":%d,%s\"function\":{%s}}]}".formatted(index, head, function);
  }
}
