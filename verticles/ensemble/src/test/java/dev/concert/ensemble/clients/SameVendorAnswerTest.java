package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.ResponsesWire;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a vendor answers in a client's own API: all of it reaches the client. */
class SameVendorAnswerTest {
  private static SameVendorCalls calls;

  @BeforeAll
  static void start() {
    calls = new SameVendorCalls();
  }

  @AfterAll
  static void stop() {
    calls.close();
  }

  private static final String CITED =
      """
      event: message_start
      data: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"c","content":[],"stop_reason":null,"usage":{"input_tokens":9,"output_tokens":1,"service_tier":"standard"}}}

      event: content_block_start
      data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":[]}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Cited."}}

      event: content_block_delta
      data: {"type":"content_block_delta","index":0,"delta":{"type":"citations_delta","citation":{"type":"char_location","cited_text":"x"}}}

      event: not_known_yet
      data: {"type":"not_known_yet","precise":1.50}

      event: content_block_stop
      data: {"type":"content_block_stop","index":0}

      event: message_delta
      data: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":3},"context_management":{"applied_edits":[]}}

      event: message_stop
      data: {"type":"message_stop"}

      """;

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void citationsAndWhatIsNotKnownReachTheClientOfAnthropic(boolean stream) {
    FakeVendor vendor = calls.vendor("anthropic");
    vendor.stream(io.vertx.core.buffer.Buffer.buffer(CITED));

    String answer = calls.ask("messages", "anthropic", "{'stream':" + stream + "}").body();

    assertThat(answer)
        .contains("Cited.", "\"cited_text\":\"x\"", "\"context_management\":{\"applied_edits\":[]}")
        .contains("\"model\":\"anthropic\"", "\"cost\":", "\"input_tokens\":9")
        .doesNotContain("ensemble_opaque", "\"id\":\"msg_1\"");
    if (stream) {
      assertThat(answer)
          .contains("event: not_known_yet\ndata: {\"type\":\"not_known_yet\",\"precise\":1.50}");
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void logProbabilitiesAndAnnotationsReachTheClientOfChat(boolean stream) {
    FakeVendor vendor = calls.vendor("openai-compatible");
    vendor.stream(
        io.vertx.core.buffer.Buffer.buffer(
            """
            data: {"id":"1","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"role":"assistant","content":"A"},"logprobs":{"content":[{"token":"A","logprob":-0.5}]},"finish_reason":null}]}

            data: {"id":"1","system_fingerprint":"fp_1","choices":[{"index":0,"delta":{"annotations":[{"type":"url_citation"}]},"logprobs":null,"finish_reason":"stop"}]}

            data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}

            data: [DONE]

            """));

    String answer =
        calls.ask("chat", "openai-compatible", "{'logprobs':true,'stream':" + stream + "}").body();

    assertThat(answer)
        .contains("\"logprobs\":{\"content\":[{\"token\":\"A\",\"logprob\":-0.5}]}")
        .contains(
            "\"annotations\":[{\"type\":\"url_citation\"}]", "\"system_fingerprint\":\"fp_1\"");
  }

  @ParameterizedTest
  @CsvSource({"openai", "openai-whole"})
  void aResponseOfOpenAiIsItsOwn(String model) {
    FakeVendor vendor = calls.vendor("openai");
    vendor.answer(FakeAnswer.text("Yes.").withThinking("Hm.", "c2ln"));

    JsonNode answer = EnsembleClient.json(calls.ask("responses", model, "{}").body());

    assertThat(answer.path("output").path(0).path("encrypted_content").asText()).isEqualTo("c2ln");
    assertThat(answer.path("output").path(1).path("id").asText()).isEqualTo("msg_played");
    assertThat(answer.path("model").asText()).isEqualTo(model);
    assertThat(answer.path("id").asText()).startsWith("resp_").isNotEqualTo("resp_played");
  }

  @Test
  void aFailureBeforeTheFirstBlockIsStillAnHttpError() {
    FakeVendor vendor = calls.vendor(new ResponsesWire());
    vendor.script(
        (asked, to) -> {
          FakeVendor.begin(to);
          to.write(
              "event: response.created\ndata: {\"type\":\"response.created\",\"response\":{}}\n\n");
          to.end(vendor.wire().overloadedEvent());
        });

    assertThat(calls.ask("responses", "openai", "{'stream':true}").statusCode()).isEqualTo(503);
  }
}
