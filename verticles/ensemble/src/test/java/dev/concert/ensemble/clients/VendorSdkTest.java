package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The official SDKs of OpenAI, Anthropic and Google, from npm and run by Node.js, against every
 * provider: only their base URL is another.
 */
class VendorSdkTest {
  private static final FakeAnswer ANSWER =
      FakeAnswer.text("Grüße ", "🎻")
          .withThinking("Hm. ", "c2lnbmF0dXJl")
          .withCall("call_a", "read_file", "{\"path\":\"a.txt\"}")
          .withCall("call_b", "bash", "{\"command\":\"ls\"}")
          .withUsage(new FakeAnswer.Usage(100, 40, 20, 30, 10));

  /** What each vendor has to find in the next question, or it forgets or refuses. */
  private static final Map<String, List<String>> WANTS_BACK =
      Map.of(
          "bedrock", List.of("\"signature\":\"c2lnbmF0dXJl\""),
          "bedrock-converse", List.of("\"signature\":\"c2lnbmF0dXJl\"", "\"toolResult\""),
          "vertex", List.of("\"signature\":\"c2lnbmF0dXJl\""),
          "vertex-gemini", List.of("\"thoughtSignature\":\"c2lnbmF0dXJl\""),
          "anthropic", List.of("\"signature\":\"c2lnbmF0dXJl\""),
          "openai", List.of("\"encrypted_content\":\"c2lnbmF0dXJl\"", "\"id\":\"fc_call_a\""),
          "gemini", List.of("\"thoughtSignature\":\"c2lnbmF0dXJl\""),
          "openai-compatible", List.of("\"reasoning_content\":\"Hm. \""),
          "openrouter", List.of("\"signature\":\"c2lnbmF0dXJl\""));

  /** The second of two answers calls a custom tool. */
  private static final String STREAMED =
      """
      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Hel"}}]}

      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":1,"delta":{"role":"assistant","tool_calls":[{"index":0,"id":"call_1","type":"custom","custom":{"name":"apply_patch","input":""}}]}}]}

      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"lo"},"finish_reason":"stop"}]}

      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":1,"delta":{"tool_calls":[{"index":0,"custom":{"input":"*** Begin"}}]}}]}

      data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":1,"delta":{},"finish_reason":"tool_calls"}]}

      data: [DONE]

      """;

  private static final String WHOLE =
      """
      {"id":"c","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"custom","custom":{"name":"apply_patch","input":"*** Begin"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":3,"completion_tokens":40,"total_tokens":43}}
      """;

  private static FakeVendors played;
  private static ClientProgram sdks;

  @BeforeAll
  static void install() throws Exception {
    played = new FakeVendors();
    sdks = ClientProgram.npm("vendor-sdks");
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  private Map<String, JsonNode> ask(String sdk) throws Exception {
    List<String> arguments = new ArrayList<>();
    arguments.add(sdk);
    arguments.add(played.ensemble().baseUrl());
    arguments.add(RunningEnsemble.KEY);
    for (VendorWire wire : VendorWires.withClouds()) {
      played.vendor(wire).answer(ANSWER);
      arguments.add(wire.type());
    }
    return sdks.answers("ask.mjs", arguments).stream()
        .collect(Collectors.toMap(answer -> answer.path("model").asText(), Function.identity()));
  }

  @Test
  void openAisSdkStreamsAndCallsToolsWhoeverAnswers() throws Exception {
    Map<String, JsonNode> answers = ask("openai");

    for (VendorWire wire : VendorWires.withClouds()) {
      verify(wire, answers.get(wire.type()), "tool_calls");
    }
  }

  @Test
  void openAisSdkHasAllChoicesOfACustomToolAsFromItsOwnVendor() throws Exception {
    String model = "openai-compatible";
    FakeVendor vendor =
        played.vendor(
            VendorWires.all().stream()
                .filter(wire -> wire.type().equals(model))
                .findFirst()
                .orElseThrow());
    vendor.script(
        (asked, to) -> {
          String answer = asked.body().contains("\"stream\":true") ? STREAMED : WHOLE;
          to.putHeader(
              "content-type", answer.startsWith("{") ? "application/json" : "text/event-stream");
          to.end(answer);
        });

    String own = vendor.url().replace("/v1", "");
    JsonNode direct =
        sdks.answers("ask.mjs", List.of("choices", own, FakeVendor.KEY, model)).getFirst();
    JsonNode through =
        sdks.answers(
                "ask.mjs",
                List.of("choices", played.ensemble().baseUrl(), RunningEnsemble.KEY, model))
            .getFirst();

    assertThat(direct.has("error")).as(direct.toString()).isFalse();
    assertThat(direct.path("streamed").path(1).path("input").asText()).isEqualTo("*** Begin");
    assertThat(direct.path("whole")).isEqualTo(direct.path("streamed"));
    assertThat(through).isEqualTo(direct);
    while (vendor.askedTimes() > 0) {
      vendor.asked();
    }
  }

  @Test
  void openAisSdkHasItsResponsesWhoeverAnswers() throws Exception {
    Map<String, JsonNode> answers = ask("responses");

    for (VendorWire wire : VendorWires.withClouds()) {
      JsonNode answer = answers.get(wire.type());
      verify(wire, answer, "completed");
      assertThat(answer.path("numbers").asBoolean()).as("%s: %s", wire.type(), answer).isTrue();
      assertThat(answer.path("same").asBoolean()).as("%s: %s", wire.type(), answer).isTrue();
      assertThat(answer.path("listed").asBoolean()).as(wire.type()).isTrue();
      // Continued by its id alone, read again with what was before it, and deleted.
      assertThat(answer.path("kept").toString())
          .as(wire.type())
          .matches("\\[\"Grüße 🎻\",true,\"Grüße 🎻\",\\d+,404]");
      assertThat(answer.path("kept").path(3).asInt()).as(wire.type()).isGreaterThanOrEqualTo(6);
      assertThat(answer.path("events").path(0).asText()).isEqualTo("response.created");
      assertThat(answer.path("events").path(1).asText()).isEqualTo("response.in_progress");
    }
  }

  @Test
  void anthropicsSdkStreamsAndCallsToolsWhoeverAnswers() throws Exception {
    Map<String, JsonNode> answers = ask("anthropic");

    for (VendorWire wire : VendorWires.withClouds()) {
      verify(wire, answers.get(wire.type()), "tool_use");
      assertThat(answers.get(wire.type()).path("counted").asInt()).as(wire.type()).isPositive();
    }
  }

  @Test
  void googlesSdkStreamsAndCallsToolsWhoeverAnswers() throws Exception {
    Map<String, JsonNode> answers = ask("gemini");

    for (VendorWire wire : VendorWires.withClouds()) {
      JsonNode answer = answers.get(wire.type());
      verify(wire, answer, "STOP");
      assertThat(answer.path("thought").asText()).as("%s: %s", wire, answer).isEqualTo("Hm. ");
      assertThat(answer.path("total").asInt()).as(wire.type()).isEqualTo(190);
      assertThat(answer.path("counted").asInt()).as(wire.type()).isPositive();
      assertThat(answer.path("listed").toString())
          .isEqualTo("[true,\"models/%s\"]".formatted(wire.type()));
      assertThat(answer.path("unknown").toString()).isEqualTo("[true,404,\"NOT_FOUND\"]");
    }
  }

  private static void verify(VendorWire wire, JsonNode answer, String finish) {
    assertThat(answer).as(wire.type()).isNotNull();
    assertThat(answer.has("error")).as("%s: %s", wire.type(), answer).isFalse();
    assertThat(answer.path("text").asText()).as(wire.type()).isEqualTo("Grüße 🎻");
    assertThat(answer.path("pieces").asInt()).as(wire.type()).isPositive();
    assertThat(answer.path("calls").toString())
        .as(wire.type())
        .isEqualTo("[[\"read_file\",{\"path\":\"a.txt\"}],[\"bash\",{\"command\":\"ls\"}]]");
    assertThat(answer.path("finish").asText()).as(wire.type()).isEqualTo(finish);
    assertThat(answer.path("usage").asInt()).as(wire.type()).isEqualTo(160);
    assertThat(answer.path("second").asText()).as(wire.type()).isEqualTo("Grüße 🎻");
    assertThat(answer.path("whole").asText()).as(wire.type()).isEqualTo("Grüße 🎻");
    FakeVendor vendor = played.vendor(wire);
    vendor.asked();
    assertThat(vendor.asked().body())
        .as(wire.type())
        .contains("RESULT of read_file", "RESULT of bash")
        .contains(WANTS_BACK.getOrDefault(wire.type(), List.of("messages")));
    vendor.asked();
  }
}
