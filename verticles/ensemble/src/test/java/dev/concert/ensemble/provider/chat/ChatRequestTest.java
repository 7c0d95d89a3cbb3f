package dev.concert.ensemble.provider.chat;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.message.RequestReader;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Our request in OpenAI's form. */
class ChatRequestTest {

  static Stream<Arguments> messages() {
    return Stream.of(
        Arguments.of(
            "{\"role\":\"user\",\"content\":\"hi\"}", "{\"role\":\"user\",\"content\":\"hi\"}"),
        Arguments.of(
            """
            {"role":"assistant","content_blocks":[{"type":"thinking","text":"hm","signature":"s"},
             {"type":"text","text":"I look."},
             {"type":"tool_call","tool_call":{"id":"c1","name":"bash","arguments":{"command":"ls"}}}]}""",
            """
            {"role":"assistant","content":"I look.","tool_calls":[{"id":"c1","type":"function",
             "function":{"name":"bash","arguments":"{\\"command\\":\\"ls\\"}"}}]}"""),
        Arguments.of(
            """
            {"role":"assistant","content_blocks":[
             {"type":"tool_call","tool_call":{"id":"c1","name":"bash","raw_arguments":"{bad"}}]}""",
            """
            {"role":"assistant","tool_calls":[{"id":"c1","type":"function",
             "function":{"name":"bash","arguments":"{bad"}}]}"""),
        Arguments.of(
            "{\"role\":\"tool\",\"tool_call_id\":\"c1\",\"content\":\"\"}",
            "{\"role\":\"tool\",\"content\":\"\",\"tool_call_id\":\"c1\"}"),
        Arguments.of(
            """
            {"role":"user","content_blocks":[{"type":"text","text":"see"},
             {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
             {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"}}]}""",
            """
            {"role":"user","content":[{"type":"text","text":"see"},
             {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
             {"type":"file","file":{"filename":"document",
              "file_data":"data:application/pdf;base64,BBBB"}}]}"""));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void aMessageBecomesTheirs(String ours, String theirs) {
    JsonNode sent = sent("{\"model\":\"real\",\"messages\":[" + ours + "]}", "max_tokens");

    assertThat(sent.path("messages").path(0)).isEqualTo(EnsembleClient.json(theirs));
  }

  @Test
  void theLimitIsTheModelsAtMostAndHasTheNameTheServerKnows() {
    String body =
        "{\"model\":\"real\",\"max_tokens\":99999,\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}";

    assertThat(sent(body, "max_tokens").path("max_tokens").asInt()).isEqualTo(4096);
    assertThat(sent(body, "max_completion_tokens").has("max_tokens")).isFalse();
    assertThat(sent(body, "max_completion_tokens").path("max_completion_tokens").asInt())
        .isEqualTo(4096);
  }

  @Test
  void whatWasNotAskedIsNotSent() {
    JsonNode sent =
        sent(
            "{\"model\":\"real\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[]}",
            "max_tokens");

    assertThat(sent.fieldNames())
        .toIterable()
        .containsExactly("model", "messages", "stream", "stream_options");
  }

  private static JsonNode sent(String body, String field) {
    return new ChatDialect("scripted", ChatTraits.compatible(field))
        .encode(
            Upstream.model(Duration.ofSeconds(1), Duration.ofSeconds(1)),
            RequestReader.read(Buffer.buffer(body)))
        .body();
  }
}
