package dev.concert.ensemble.compatible;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.provider.chat.Upstream;
import java.net.http.HttpResponse;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Google's API in front of another vendor's model; its SDK has its own test. */
class GeminiApiTest {
  private static final String PATH = "/v1beta/models/real:";
  private static final String HELLO = "{\"contents\":[{\"parts\":[{\"text\":\"hello\"}]}]}";

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
  void answer() {
    upstream.bodies.clear();
    upstream.events(
        Upstream.data(
            Upstream.delta("{\"reasoning_content\":\"hm\"}"),
            Upstream.text("I "),
            Upstream.text("look."),
            Upstream.delta(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"c9\",\"function\":{\"name\":\"look\",\"arguments\":\"{\\\"at\\\":2}\"}}]}"),
            Upstream.finish("tool_calls"),
            Upstream.usage(100, 40, 7),
            "[DONE]"));
  }

  private static HttpResponse<String> post(String path, String body, String... headers) {
    return ensemble
        .client("")
        .send(ensemble.client("").request(path, body).headers(headers).build());
  }

  private static HttpResponse<String> asked(String path, String body) {
    return post(path, body, "x-goog-api-key", RunningEnsemble.KEY);
  }

  private static JsonNode sent() throws InterruptedException {
    return EnsembleClient.json(upstream.bodies.take());
  }

  @Test
  void aWholeAnswerHasItsPartsAndItsCounts() {
    HttpResponse<String> answer = asked(PATH + "generateContent", HELLO);

    JsonNode body = EnsembleClient.json(answer.body());
    assertThat(
            body.path("candidates").toString().replaceAll(",\"thoughtSignature\":\"[^\"]+\"", ""))
        .isEqualTo(
            "[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"I look.\"},"
                + "{\"functionCall\":{\"id\":\"c9\",\"name\":\"look\",\"args\":{\"at\":2}}}]},"
                + "\"index\":0,\"finishReason\":\"STOP\"}]");
    assertThat(body.path("usageMetadata").toString())
        .isEqualTo(
            "{\"promptTokenCount\":100,\"candidatesTokenCount\":7,\"totalTokenCount\":107,"
                + "\"cachedContentTokenCount\":40}");
    assertThat(answer.headers().firstValue("x-ensemble-cost")).isPresent();
  }

  @Test
  void theReasoningOfTheModelComesBackInASignature() throws Exception {
    JsonNode answer = EnsembleClient.json(asked(PATH + "generateContent", HELLO).body());
    upstream.bodies.clear();

    asked(
        PATH + "generateContent",
        """
        {"contents":[{"role":"user","parts":[{"text":"hello"}]},%s,
          {"role":"user","parts":[{"functionResponse":{"id":"c9","name":"look",
            "response":{"output":"seen"}}}]}]}
        """
            .formatted(answer.path("candidates").path(0).path("content")));

    JsonNode said = sent().path("messages").path(1);
    assertThat(said.path("reasoning_content").asText()).isEqualTo("hm");
    assertThat(said.path("tool_calls").path(0).path("id").asText()).isEqualTo("c9");
  }

  @Test
  void aStreamWithoutAltIsOneJsonArray() {
    HttpResponse<String> answer = asked(PATH + "streamGenerateContent", HELLO);

    assertThat(answer.headers().firstValue("content-type").orElse(""))
        .startsWith("application/json");
    JsonNode chunks = EnsembleClient.json(answer.body());
    assertThat(chunks.isArray()).isTrue();
    assertThat(texts(chunks)).isEqualTo("I look.");
    JsonNode last = chunks.get(chunks.size() - 1);
    assertThat(last.path("candidates").path(0).path("finishReason").asText()).isEqualTo("STOP");
    assertThat(last.path("usageMetadata").path("totalTokenCount").asInt()).isEqualTo(107);
  }

  private static String texts(JsonNode chunks) {
    StringBuilder text = new StringBuilder();
    chunks.forEach(
        chunk ->
            chunk
                .path("candidates")
                .path(0)
                .path("content")
                .path("parts")
                .forEach(part -> text.append(part.path("text").asText())));
    return text.toString();
  }

  @Test
  void aStreamThatBreaksEndsWithAnError() {
    upstream.events(
        Upstream.data(Upstream.text("I ")), "data: {\"error\":{\"message\":\"no\"}}\n\n");

    JsonNode chunks = EnsembleClient.json(asked(PATH + "streamGenerateContent", HELLO).body());
    String events = asked(PATH + "streamGenerateContent?alt=sse", HELLO).body();

    JsonNode error = chunks.get(chunks.size() - 1).path("error");
    assertThat(error.path("code").asInt()).isEqualTo(502);
    assertThat(error.path("status").asText()).isEqualTo("UNAVAILABLE");
    assertThat(events).contains("data: {\"error\":{\"code\":502").doesNotContain("finishReason");
  }

  @ParameterizedTest
  @CsvSource({
    "x-goog-api-key, '', ''",
    "Authorization, 'Bearer ', ''",
    "api-key, '', ''",
    "x-other, '', '?key='"
  })
  void theKeyComesInEachOfItsPlaces(String header, String scheme, String query) {
    String url = PATH + "generateContent" + (query.isEmpty() ? "" : query + RunningEnsemble.KEY);

    assertThat(post(url, HELLO, header, scheme + RunningEnsemble.KEY).statusCode()).isEqualTo(200);
    assertThat(post(url + "x", HELLO, header, "Bearer wrong").statusCode()).isEqualTo(401);
  }

  @Test
  void aKeyInTheUrlIsRefusedOutsideOfGooglesPaths() {
    String query = "?key=" + RunningEnsemble.KEY;

    assertThat(post("/v1/chat/completions" + query, "{}", "x-other", "y").statusCode())
        .isEqualTo(401);
  }

  @Test
  void aConversationKeepsItsCallsAndResults() throws Exception {
    asked(
        PATH + "generateContent",
        """
        {"system_instruction":{"parts":[{"text":"Be brief."}]},
         "contents":[
          {"role":"user","parts":[{"text":"hello"},
            {"inline_data":{"mime_type":"image/png","data":"AAAA"}}]},
          {"role":"model","parts":[{"text":"I "}]},
          {"role":"model","parts":[{"text":"look."},{"functionCall":{"name":"look","args":{"at":1}}},
            {"functionCall":{"name":"look","args":{"at":2}}}]},
          {"role":"user","parts":[
            {"functionResponse":{"name":"look","response":{"output":"seen"}}},
            {"functionResponse":{"name":"look","response":{"error":"gone"}}}]}],
         "tools":[{"function_declarations":[{"name":"look","parameters":{"type":"OBJECT",
            "properties":{"at":{"type":"INTEGER","nullable":true,"format":"int32"},
              "list":{"type":"ARRAY","minItems":"1","items":{"type":"STRING","enum":["a"],
                "format":"enum"}}},"required":["at"]}}]}],
         "toolConfig":{"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["look"]}},
         "generationConfig":{"maxOutputTokens":50,"temperature":0.5,"topP":0.9,
           "stopSequences":["END"],"responseMimeType":"application/json",
           "responseSchema":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}}}
        """);

    JsonNode body = sent();
    JsonNode messages = body.path("messages");
    assertThat(messages.path(0).path("role").asText()).isEqualTo("system");
    assertThat(messages.path(1).path("content").path(1).path("image_url").path("url").asText())
        .isEqualTo("data:image/png;base64,AAAA");
    JsonNode said = messages.path(2);
    assertThat(said.path("content").toString()).contains("I look.");
    assertThat(said.path("tool_calls").size()).isEqualTo(2);
    for (int i : IntStream.range(0, 2).toArray()) {
      assertThat(messages.path(3 + i).path("tool_call_id").asText())
          .isEqualTo(said.path("tool_calls").path(i).path("id").asText());
    }
    assertThat(messages.path(3).path("content").toString()).contains("seen");
    assertThat(body.path("tools").path(0).path("function").path("parameters").toString())
        .isEqualTo(
            "{\"type\":\"object\",\"properties\":{\"at\":{\"type\":[\"integer\",\"null\"],"
                + "\"format\":\"int32\"},\"list\":{\"type\":\"array\",\"minItems\":1,"
                + "\"items\":{\"type\":\"string\",\"enum\":[\"a\"]}}},\"required\":[\"at\"]}");
    assertThat(body.path("tool_choice").path("function").path("name").asText()).isEqualTo("look");
    assertThat(body.path("temperature").asDouble()).isEqualTo(0.5);
    assertThat(body.path("stop").toString()).contains("END");
    assertThat(body.path("response_format").path("json_schema").path("schema").toString())
        .contains("\"type\":\"object\"");
  }

  @Test
  void thoughtsAreShownToWhoAsksForThem() {
    String asking =
        HELLO.substring(0, HELLO.length() - 1)
            + ",\"generationConfig\":{\"thinkingConfig\":{\"includeThoughts\":true}}}";

    assertThat(asked(PATH + "generateContent", HELLO).body()).doesNotContain("\"hm\"");
    assertThat(asked(PATH + "generateContent", asking).body())
        .contains("{\"text\":\"hm\",\"thought\":true}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{}|contents",
        "{\"contents\":[{\"role\":\"boss\",\"parts\":[{\"text\":\"x\"}]}]}|contents[0].role",
        "{\"contents\":[{\"role\":\"user\",\"parts\":[]}]}|contents[0].parts",
        "{\"contents\":[{\"parts\":[{\"text\":\"x\"},{\"odd\":1}]}]}|contents[0].parts[1]",
        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"maxOutputTokens\":\"9\"}}"
            + "|generationConfig.maxOutputTokens",
        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"generationConfig\":{\"candidateCount\":2}}"
            + "|generationConfig.candidateCount",
        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"tools\":[{\"functionDeclarations\":[{}]}]}"
            + "|tools[0].functionDeclarations[0].name",
      })
  void anErrorNamesTheClientsFieldInGooglesShape(String body, String field) {
    HttpResponse<String> refused = asked(PATH + "generateContent", body);

    JsonNode error = EnsembleClient.json(refused.body()).path("error");
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(error.path("code").asInt()).isEqualTo(400);
    assertThat(error.path("status").asText()).isEqualTo("INVALID_ARGUMENT");
    assertThat(error.path("message").asText()).startsWith(field + ": ");
  }

  @Test
  void aModelIsFoundByItsName() {
    EnsembleClient client = ensemble.client("");

    HttpResponse<String> found =
        client.send(
            client
                .request("/v1beta/models/real", "")
                .header("x-goog-api-key", RunningEnsemble.KEY)
                .GET()
                .build());

    JsonNode model = EnsembleClient.json(found.body());
    assertThat(model.path("name").asText()).isEqualTo("models/real");
    assertThat(model.path("supportedGenerationMethods").toString()).contains("generateContent");
  }

  @Test
  void aModelThatIsNotServedIsNotFound() {
    HttpResponse<String> refused = asked("/v1beta/models/none:generateContent", HELLO);

    assertThat(refused.statusCode()).isEqualTo(404);
    assertThat(EnsembleClient.json(refused.body()).path("error").path("status").asText())
        .isEqualTo("NOT_FOUND");
  }

  @Test
  void tokensAreCountedForContentsAndForWholeRequests() {
    String whole =
        "{\"generateContentRequest\":{\"model\":\"models/real\"," + HELLO.substring(1) + "}";

    JsonNode counted = EnsembleClient.json(asked(PATH + "countTokens", HELLO).body());

    assertThat(counted.path("totalTokens").asInt()).isPositive();
    assertThat(EnsembleClient.json(asked(PATH + "countTokens", whole).body())).isEqualTo(counted);
  }
}
