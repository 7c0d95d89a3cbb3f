package dev.concert.ensemble.compatible;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.block.DocumentBlock;
import dev.concert.ensemble.block.ImageBlock;
import dev.concert.ensemble.block.OpaqueBlock;
import dev.concert.ensemble.block.ThinkingBlock;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.compatible.responses.ResponsesFormat;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.MessageRole;
import dev.concert.ensemble.message.ResponseFormat;
import dev.concert.ensemble.message.ThinkingOptions;
import dev.concert.ensemble.message.ToolChoice;
import dev.concert.ensemble.provider.chat.Upstream;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** OpenAI's Responses, beyond what its SDK shows in VendorSdkTest. */
class ResponsesFormatTest {
  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble = new RunningEnsemble(upstream.options());

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private static InferenceRequest read(String body) {
    return new ResponsesFormat()
        .read(new ClientBody(Buffer.buffer(body), "", java.util.Map.of()))
        .request();
  }

  private HttpResponse<String> ask(String body) {
    return ensemble.client().post("/v1/responses", body);
  }

  private static List<JsonNode> events(HttpResponse<String> response) {
    return Arrays.stream(response.body().split("\n"))
        .filter(line -> line.startsWith("data: {"))
        .map(line -> EnsembleClient.json(line.substring("data: ".length())))
        .toList();
  }

  @Test
  void everyOptionAndPartIsRead() {
    InferenceRequest request =
        read(
            """
            {"model":"m","instructions":"Be brief.","max_output_tokens":9,"temperature":0.5,
             "top_p":0.9,"parallel_tool_calls":false,"prompt_cache_key":"k",
             "reasoning":{"effort":"high","summary":"auto"},"store":true,
             "text":{"format":{"type":"json_schema","name":"a","schema":{"type":"object"},"strict":true}},
             "tools":[{"type":"function","name":"look","parameters":{"type":"object"},"strict":true},
                      {"type":"web_search"}],
             "tool_choice":{"type":"function","name":"look"},
             "input":[{"role":"developer","content":"More."},
               {"type":"message","role":"user","content":[{"type":"input_text","text":"hi"},
                 {"type":"input_image","detail":"auto","image_url":"data:image/png;base64,AAAA"},
                 {"type":"input_file","filename":"a.pdf","file_data":"data:application/pdf;base64,BBBB"},
                 {"type":"input_file","file_url":"https://example.org/b.pdf"}]},
               {"role":"assistant","content":"Well"},
               {"type":"function_call","call_id":"c","name":"look","arguments":"{ }"},
               {"type":"function_call_output","call_id":"c","output":[{"type":"input_text","text":"seen"}]}]}
            """);

    assertThat(request.maxTokens()).isEqualTo(9);
    assertThat(request.temperature()).isEqualTo(0.5);
    assertThat(request.parallelToolCalls()).isFalse();
    assertThat(request.cacheKey()).isEqualTo("k");
    assertThat(request.thinking().effort()).isEqualTo(ThinkingOptions.Effort.HIGH);
    assertThat(request.responseFormat().type()).isEqualTo(ResponseFormat.Type.JSON_SCHEMA);
    assertThat(request.responseFormat().strict()).isTrue();
    assertThat(request.tools().getFirst().strict()).isTrue();
    assertThat(request.tools().getLast().runsAtProvider()).isTrue();
    assertThat(request.toolChoice().type()).isEqualTo(ToolChoice.Type.TOOL);
    assertThat(request.messages())
        .extracting(message -> message.role())
        .containsExactly(
            MessageRole.SYSTEM,
            MessageRole.SYSTEM,
            MessageRole.USER,
            MessageRole.ASSISTANT,
            MessageRole.TOOL);
    assertThat(request.messages().get(2).parts())
        .hasAtLeastOneElementOfType(ImageBlock.class)
        .hasAtLeastOneElementOfType(DocumentBlock.class);
    assertThat(request.messages().get(3).parts()).last().isInstanceOf(ToolCallBlock.class);
  }

  @Test
  void itemsThatOpenAiItselfMadeGoBackToItAsTheyWere() {
    InferenceRequest request =
        read(
            """
            {"model":"m","input":[{"role":"user","content":"hi"},
              {"type":"reasoning","id":"rs_1","summary":[{"type":"summary_text","text":"Hm"}],
               "encrypted_content":"secret"},
              {"type":"web_search_call","id":"ws_1","status":"completed"},
              {"type":"function_call","id":"fc_1","call_id":"c","name":"n","arguments":"{}",
               "status":"completed"},
              {"type":"function_call_output","call_id":"c","output":"ok"}]}
            """);

    var parts = request.messages().get(1).parts();
    ThinkingBlock thinking = (ThinkingBlock) parts.get(0);
    assertThat(thinking.text()).isEqualTo("Hm");
    assertThat(thinking.opaque().from("openai").orElseThrow().path("encrypted_content").asText())
        .isEqualTo("secret");
    assertThat(((OpaqueBlock) parts.get(1)).opaque().json()).contains("ws_1");
    assertThat(((ToolCallBlock) parts.get(2)).opaque().json()).contains("fc_1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'model':'m'} | input",
        "{'model':'m','input':[]} | input",
        "{'model':'m','input':[7]} | input[0]",
        "{'model':'m','input':'x','previous_response_id':'resp_1'} | previous_response_id",
        "{'model':'m','input':'x','conversation':'conv_1'} | conversation",
        "{'model':'m','input':'x','background':true} | background",
        "{'model':'m','input':[{'type':'item_reference','id':'rs_1'}]} | input[0]",
        "{'model':'m','input':[{'role':'robot','content':'x'}]} | input[0].role",
        "{'model':'m','input':[{'role':'user','content':7}]} | input[0].content",
      })
  void aWrongFieldIsNamed(String body, String field) {
    assertThatThrownBy(() -> read(body.replace('\'', '"'))).hasMessageStartingWith(field);
  }

  @Test
  void aFailureInTheMiddleIsAFailedResponseAndNeverACompletedOne() {
    upstream.events(Upstream.data(Upstream.text("I was")));

    List<JsonNode> events = events(ask("{\"model\":\"real\",\"stream\":true,\"input\":\"hi\"}"));

    JsonNode last = events.getLast();
    assertThat(last.path("type").asText()).isEqualTo("response.failed");
    assertThat(last.path("response").path("error").path("code").asText()).isEqualTo("server_error");
    assertThat(last.path("response").path("output").path(0).path("status").asText())
        .isEqualTo("incomplete");
    assertThat(events).noneMatch(one -> one.path("type").asText().equals("response.completed"));
  }

  @Test
  void anAnswerThatTheLimitCutIsIncomplete() {
    upstream.events(
        Upstream.data(
            Upstream.text("I was"), Upstream.finish("length"), Upstream.usage(10, 0, 2), "[DONE]"));

    List<JsonNode> events = events(ask("{\"model\":\"real\",\"stream\":true,\"input\":\"hi\"}"));

    ObjectNode response = (ObjectNode) events.getLast().path("response");
    assertThat(events.getLast().path("type").asText()).isEqualTo("response.incomplete");
    assertThat(response.path("incomplete_details").path("reason").asText())
        .isEqualTo("max_output_tokens");
    assertThat(response.path("usage").path("total_tokens").asInt()).isEqualTo(12);
  }

  @Test
  void anErrorBeforeTheFirstEventIsAnHttpErrorInOpenAisForm() {
    HttpResponse<String> response =
        ask("{\"model\":\"no-such-model\",\"stream\":true,\"input\":\"hi\"}");

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(EnsembleClient.json(response.body()).path("error").path("code").asText())
        .isEqualTo("model_not_found");
  }
}
