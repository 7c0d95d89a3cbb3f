package dev.concert.ensemble.provider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.GeminiWire;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A client of Google's API at Google: its own body arrives there. */
class OwnGeminiTest {
  private static FakeVendors played;

  @BeforeAll
  static void start() {
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  private static HttpResponse<String> ask(String model, String method, String body) {
    return played.ensemble().client().post("/v1beta/models/" + model + ":" + method, body);
  }

  private static FakeVendor google() {
    return played.vendor(new GeminiWire());
  }

  @Test
  void whatEnsembleDoesNotKnowArrivesUnchanged() {
    google().answer(FakeAnswer.text("Hi"));
    String body =
        """
        {"contents":[{"role":"user","parts":[{"text":"hello","mood":"odd"}]},
          {"role":"model","parts":[{"functionCall":{"name":"look","args":{"b":1.0,"a":2}},
            "thoughtSignature":"c2lnbmF0dXJl"}]},
          {"role":"user","parts":[{"functionResponse":{"name":"look","response":{"x":[1]}}}]}],
         "tools":[{"functionDeclarations":[{"name":"look","parameters":{"type":"OBJECT"},
           "behavior":"BLOCKING"}]}],
         "safetySettings":[{"category":"HARM","threshold":"OFF"}],
         "generationConfig":{"seed":7,"mediaResolution":"LOW","maxOutputTokens":9}}
        """;

    assertThat(ask("gemini", "generateContent", body).statusCode()).isEqualTo(200);

    assertThat(EnsembleClient.json(google().asked().body())).isEqualTo(EnsembleClient.json(body));
  }

  @ParameterizedTest
  @ValueSource(strings = {"generateContent", "streamGenerateContent"})
  void whatGoogleSaysBesideItsPartsComesBack(String method) {
    google().stream(
        Buffer.buffer(
            "data:"
                + " {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Hi\"}]},\"finishReason\":\"STOP\",\"groundingMetadata\":{\"webSearchQueries\":[\"q\"]},\"avgLogprobs\":-0.1}],\"usageMetadata\":{\"promptTokenCount\":3,\"candidatesTokenCount\":1,\"totalTokenCount\":4,\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":3}]},\"modelVersion\":\"real-1\"}\n\n"));

    JsonNode answer =
        EnsembleClient.json(
            ask("gemini", method, "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]}").body());
    google().asked();

    JsonNode last = answer.isArray() ? answer.get(answer.size() - 1) : answer;
    JsonNode candidate = last.path("candidates").path(0);
    assertThat(candidate.path("groundingMetadata").toString()).contains("webSearchQueries");
    assertThat(candidate.path("avgLogprobs").asDouble()).isEqualTo(-0.1);
    assertThat(candidate.path("finishReason").asText()).isEqualTo("STOP");
    assertThat(last.path("usageMetadata").toString()).contains("promptTokensDetails");
    assertThat(last.path("modelVersion").asText()).isEqualTo("gemini");
  }

  @Test
  void aSignatureOfAnotherVendorsModelStaysHere() {
    google().answer(FakeAnswer.text("Hi"));
    String ours =
        Base64.getEncoder().encodeToString("ensemble:e30=".getBytes(StandardCharsets.US_ASCII));

    ask(
        "gemini",
        "generateContent",
        """
        {"contents":[{"role":"user","parts":[{"text":"x"}]},
          {"role":"model","parts":[{"text":"I look.","thoughtSignature":"%1$s"},
            {"functionCall":{"name":"look","args":{}},"thoughtSignature":"%1$s"}]},
          {"role":"user","parts":[{"functionResponse":{"name":"look","response":{}}}]}]}
        """
            .formatted(ours));

    assertThat(google().asked().body())
        .doesNotContain(ours)
        .contains("{\"text\":\"I look.\"}", "\"skip_thought_signature_validator\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'cachedContent':'cachedContents/1' | cachedContent: ",
        "'tools':[{'googleSearch':{}}] | tools[0].googleSearch: ",
        "'serviceTier':'priority' | serviceTier: "
      })
  void whatNeedsTheOperatorsPermissionIsRefused(String field, String words) {
    String body =
        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}]," + field.replace('\'', '"') + "}";

    HttpResponse<String> refused = ask("gemini", "generateContent", body);

    assertThat(refused.statusCode()).as(refused.body()).isEqualTo(400);
    assertThat(EnsembleClient.json(refused.body()).path("error").path("message").asText())
        .contains(words.strip(), "not allowed");
    assertThat(google().askedTimes()).isZero();
  }

  @Test
  void anotherVendorsModelIsAskedWithoutWhatItCannotKnowAndTheAnswerSaysSo() {
    FakeVendor anthropic = played.vendor(new AnthropicWire());
    anthropic.answer(FakeAnswer.text("Hi"));
    String body =
        "{\"contents\":[{\"parts\":[{\"text\":\"x\"}]}],\"safetySettings\":[],"
            + "\"generationConfig\":{\"seed\":7}}";

    HttpResponse<String> answer = ask("anthropic", "generateContent", body);
    anthropic.asked();

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().map().toString())
        .contains("safetySettings", "generationConfig.seed");
    HttpResponse<String> refused =
        ask(
            "anthropic",
            "generateContent",
            body.replace("\"seed\":7", "\"responseModalities\":[\"IMAGE\"]"));
    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("generationConfig.responseModalities");
  }
}
