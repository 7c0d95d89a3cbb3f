package dev.concert.ensemble.compatible;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.block.ToolCallBlock;
import dev.concert.ensemble.compatible.chat.ChatFormat;
import dev.concert.ensemble.message.Message;
import dev.concert.ensemble.provider.chat.Upstream;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vendors' paths, asked with the JDK's HTTP client; the vendors' SDKs have their own test. */
class CompatibleApiTest {
  private static final String CHAT =
      """
      {"model":"real","stream":%s,"max_tokens":100,"messages":[
        {"role":"developer","content":"Be brief."},{"role":"user","content":[
          {"type":"text","text":"hello"},
          {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}],
       "tools":[{"type":"function","function":{"name":"look","parameters":{"type":"object"}}}],
       "stream_options":{"include_usage":true}}
      """;
  private static final String MESSAGES =
      """
      {"model":"real","stream":%s,"max_tokens":100,"system":"Be brief.","messages":[
        {"role":"user","content":"hello"},
        {"role":"assistant","content":[{"type":"tool_use","id":"c1","name":"look","input":{"at":1}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"c1","content":"seen"},
          {"type":"text","text":"and now?"}]}],
       "tools":[{"name":"look","input_schema":{"type":"object"}}]}
      """;

  private final Upstream upstream = new Upstream();
  private final RunningEnsemble ensemble = new RunningEnsemble(upstream.options());

  @AfterEach
  void stop() {
    ensemble.close();
    upstream.close();
  }

  private void answersWithACall() {
    upstream.events(
        Upstream.data(
            Upstream.delta("{\"reasoning_content\":\"hm\"}"),
            Upstream.text("I "),
            Upstream.text("look."),
            Upstream.delta(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"c9\",\"function\":{\"name\":\"look\",\"arguments\":\"{\\\"a\"}}]}"),
            Upstream.delta(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"t\\\":2}\"}}]}"),
            Upstream.finish("tool_calls"),
            Upstream.usage(100, 40, 7),
            "[DONE]"));
  }

  private HttpResponse<String> post(String path, String body, String... headers) {
    HttpRequest.Builder request = ensemble.client("").request(path, body);
    return ensemble.client("").send(request.headers(headers).build());
  }

  private HttpResponse<String> chat(boolean stream) {
    return post(
        "/v1/chat/completions",
        CHAT.formatted(stream),
        "Authorization",
        "Bearer " + RunningEnsemble.KEY);
  }

  private HttpResponse<String> messages(boolean stream) {
    return post(
        "/v1/messages",
        MESSAGES.formatted(stream),
        "x-api-key",
        RunningEnsemble.KEY,
        "anthropic-version",
        "2023-06-01");
  }

  private static List<JsonNode> data(String body) {
    return Arrays.stream(body.split("\n"))
        .filter(line -> line.startsWith("data: {"))
        .map(line -> EnsembleClient.json(line.substring("data: ".length())))
        .toList();
  }

  @Test
  void aChatCompletionComesInOnePiece() throws Exception {
    answersWithACall();

    JsonNode answer = EnsembleClient.json(chat(false).body());

    JsonNode choice = answer.path("choices").path(0);
    assertThat(answer.path("object").asText()).isEqualTo("chat.completion");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(choice.path("message").path("content").asText()).isEqualTo("I look.");
    assertThat(choice.path("message").path("reasoning_content").asText()).isEqualTo("hm");
    assertThat(choice.path("message").path("tool_calls").path(0).path("function").toString())
        .isEqualTo("{\"name\":\"look\",\"arguments\":\"{\\\"at\\\":2}\"}");
    assertThat(answer.path("usage").path("prompt_tokens").asInt()).isEqualTo(100);
    assertThat(answer.path("usage").path("prompt_tokens_details").path("cached_tokens").asInt())
        .isEqualTo(40);
    JsonNode asked = EnsembleClient.json(upstream.bodies.take());
    assertThat(asked.path("messages").path(0).path("role").asText()).isEqualTo("system");
    assertThat(asked.path("messages").path(1).path("content").path(1).path("image_url").toString())
        .contains("data:image/png;base64,AAAA");
    assertThat(asked.path("tools").path(0).path("function").path("name").asText())
        .isEqualTo("look");
  }

  @Test
  void aChatCompletionStreamsEachPieceAndEndsWithItsCount() {
    answersWithACall();

    HttpResponse<String> response = chat(true);

    List<JsonNode> chunks = data(response.body());
    assertThat(response.headers().firstValue("content-type").orElseThrow())
        .startsWith("text/event-stream");
    assertThat(chunks.getFirst().path("choices").path(0).path("delta").path("role").asText())
        .isEqualTo("assistant");
    assertThat(
            chunks.stream()
                .map(chunk -> chunk.path("choices").path(0).path("delta").path("content").asText())
                .toList())
        .containsSubsequence("I ", "look.");
    assertThat(
            chunks.stream()
                .map(
                    chunk ->
                        chunk
                            .path("choices")
                            .path(0)
                            .path("delta")
                            .path("tool_calls")
                            .path(0)
                            .path("function")
                            .path("arguments")
                            .asText())
                .toList())
        .containsSubsequence("{\"a", "t\":2}");
    assertThat(chunks.getLast().path("usage").path("total_tokens").asInt()).isEqualTo(107);
    assertThat(response.body()).endsWith("data: [DONE]\n\n");
  }

  @Test
  void aHistoryMayHaveArgumentsAsAnObjectAndAResultWithoutContent() {
    String body =
        """
        {"model":"real","messages":[{"role":"user","content":"hello"},
          {"role":"assistant","content":null,"tool_calls":[
            {"id":"c1","type":"function","function":{"name":"look","arguments":{"at":1}}}]},
          {"role":"tool","tool_call_id":"c1","content":null}]}
        """;

    List<Message> messages =
        new ChatFormat()
            .read(ClientBody.of(Buffer.buffer(body), MultiMap.caseInsensitiveMultiMap()))
            .request()
            .messages();

    ToolCallBlock call = (ToolCallBlock) messages.get(1).parts().getFirst();
    assertThat(call.call().argumentsText()).isEqualTo("{\"at\":1}");
    assertThat(messages.get(2).plainText()).isEmpty();
  }

  @Test
  void aMessageComesInOnePiece() throws Exception {
    answersWithACall();

    JsonNode answer = EnsembleClient.json(messages(false).body());

    assertThat(answer.path("content").findValuesAsText("type"))
        .containsExactly("thinking", "text", "tool_use");
    assertThat(answer.path("content").path(2).path("input").toString()).isEqualTo("{\"at\":2}");
    assertThat(answer.path("stop_reason").asText()).isEqualTo("tool_use");
    assertThat(answer.path("usage").path("input_tokens").asInt()).isEqualTo(60);
    assertThat(answer.path("usage").path("cache_read_input_tokens").asInt()).isEqualTo(40);
    JsonNode asked = EnsembleClient.json(upstream.bodies.take()).path("messages");
    assertThat(asked.findValuesAsText("role"))
        .containsExactly("system", "user", "assistant", "tool", "user");
    assertThat(asked.path(3).path("tool_call_id").asText()).isEqualTo("c1");
    assertThat(asked.path(4).path("content").asText()).isEqualTo("and now?");
  }

  @Test
  void aMessageStreamsItsBlocksOneAfterTheOther() {
    answersWithACall();

    List<JsonNode> events = data(messages(true).body());

    assertThat(events.stream().map(event -> event.path("type").asText()).toList())
        .containsExactly(
            "message_start",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "content_block_start",
            "content_block_delta",
            "content_block_delta",
            "content_block_stop",
            "message_delta",
            "message_stop");
    assertThat(events.get(3).path("delta").path("type").asText()).isEqualTo("signature_delta");
    assertThat(events.get(11).path("delta").path("partial_json").asText()).isEqualTo("t\":2}");
    assertThat(events.get(13).path("usage").path("output_tokens").asInt()).isEqualTo(7);
  }

  @ParameterizedTest(name = "{0} at {1}: {2}")
  @CsvSource({
    "400, 400, invalid_request_error, invalid_request_error",
    "429, 429, rate_limit_error, rate_limit_error",
    "503, 503, server_error, overloaded_error",
    "500, 502, server_error, api_error"
  })
  void aFailureBeforeTheFirstPieceIsAnErrorInTheVendorsForm(
      int theirs, int ours, String chatType, String messagesType) {
    upstream.status(theirs, "application/json", "{}", "retry-after", "7");

    for (boolean stream : new boolean[] {true, false}) {
      HttpResponse<String> chat = chat(stream);
      assertThat(chat.statusCode()).isEqualTo(ours);
      assertThat(EnsembleClient.json(chat.body()).path("error").path("type").asText())
          .isEqualTo(chatType);
      HttpResponse<String> messages = messages(stream);
      assertThat(messages.statusCode()).isEqualTo(ours == 503 ? 529 : ours);
      JsonNode error = EnsembleClient.json(messages.body());
      assertThat(error.path("type").asText()).isEqualTo("error");
      assertThat(error.path("error").path("type").asText()).isEqualTo(messagesType);
      if (theirs == 429) {
        assertThat(chat.headers().firstValue("retry-after")).contains("7");
      }
    }
  }

  @Test
  void aStreamThatIsCutEndsWithAnErrorAndWithoutItsEndMark() {
    upstream.script(
        response -> {
          Upstream.begin(response).write(Upstream.data(Upstream.text("half")));
          response.reset();
        });

    String chat = chat(true).body();
    assertThat(data(chat).getLast().has("error")).isTrue();
    assertThat(chat).doesNotContain("[DONE]").doesNotContain("\"finish_reason\":\"stop\"");

    String messages = messages(true).body();
    assertThat(messages).contains("event: error").doesNotContain("message_stop");
  }

  @ParameterizedTest(name = "{1}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/chat/completions | {\"model\":\"real\"} | messages",
        "/v1/chat/completions | {\"model\":\"real\",\"n\":0,\"messages\":[]} | n: must be a whole",
        "/v1/chat/completions | {\"model\":\"real\",\"messages\":[{\"role\":\"robot\"}]} |"
            + " messages[0].role",
        "/v1/chat/completions |"
            + " {\"model\":\"real\",\"messages\":[{\"role\":\"user\",\"content\":[7]}]}"
            + " | messages[0].content",
        "/v1/chat/completions |"
            + " {\"model\":\"none\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]} | none",
        "/v1/chat/completions | [] | JSON object",
        "/v1/chat/completions | {\"model | not valid JSON",
        "/v1/messages | {\"model\":\"real\",\"messages\":[]} | max_tokens",
        "/v1/messages |"
            + " {\"model\":\"real\",\"max_tokens\":1,\"messages\":[{\"role\":\"robot\",\"content\":\"x\"}]}"
            + " | role"
      })
  void whatIsWrongIsNamed(String path, String body, String named) {
    HttpResponse<String> response =
        post(path, body, "Authorization", "Bearer " + RunningEnsemble.KEY);

    assertThat(response.statusCode()).isBetween(400, 404);
    assertThat(EnsembleClient.json(response.body()).path("error").path("message").asText())
        .contains(named);
    assertThat(upstream.bodies).isEmpty();
  }

  @Test
  void withoutAKeyNobodyIsServedAndTheErrorHasTheVendorsForm() {
    assertThat(post("/v1/chat/completions", CHAT, "x", "y").body()).contains("invalid_api_key");
    assertThat(post("/v1/messages", MESSAGES, "x-api-key", "wrong").body())
        .contains("authentication_error");
  }

  @Test
  void oneModelIsToldOfInTheVendorsForm() {
    JsonNode openAi = EnsembleClient.json(ensemble.client().get("/v1/models/real").body());
    assertThat(openAi.path("object").asText()).isEqualTo("model");
    assertThat(openAi.path("id").asText()).isEqualTo("real");

    HttpResponse<String> unknown = ensemble.client().get("/v1/models/vendor%2Fnone");
    assertThat(unknown.statusCode()).isEqualTo(404);
    assertThat(unknown.body()).contains("model_not_found", "'vendor/none'");
    assertThat(ensemble.client().get("/v1/models/").body()).contains("\"object\":\"list\"");
  }

  @Test
  void modelsAreListedForEitherSdkAndTokensCounted() {
    assertThat(ensemble.client().get("/v1/models").body()).contains("\"object\":\"list\"", "real");
    HttpResponse<String> counted =
        post(
            "/v1/messages/count_tokens",
            MESSAGES.replace("\"max_tokens\":100,", "").formatted(false),
            "x-api-key",
            RunningEnsemble.KEY);
    assertThat(EnsembleClient.json(counted.body()).path("input_tokens").asInt()).isPositive();
  }
}
