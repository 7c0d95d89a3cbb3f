package dev.concert.ensemble.provider.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWires;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each field that needs the operator's permission, on the API that it belongs to. */
class NeedPermissionTest {
  /** The smallest request of each API. */
  private static final Map<String, String> REQUESTS =
      Map.of(
          "/v1/messages",
          "{'max_tokens':50,'messages':[{'role':'user','content':'hi'}]}",
          "/v1/chat/completions",
          "{'messages':[{'role':'user','content':'hi'}]}",
          "/v1/responses",
          "{'input':[{'role':'user','content':'hi'}]}",
          "/v1beta/models/gemini:generateContent",
          "{'contents':[{'role':'user','parts':[{'text':'hi'}]}]}",
          "/api/v1/generate",
          "{'messages':[{'role':'user','content':'hi'}]}");

  private static final List<Row> ROWS =
      List.of(
          Row.messages("anthropic", "container", "'c'"),
          Row.messages("anthropic", "fallbacks", "[{'model':'dearer'}]"),
          Row.messages("anthropic", "inference_geo", "'eu'"),
          Row.messages("anthropic", "mcp_servers", "[{'type':'url','url':'https://a.example'}]"),
          Row.messages("anthropic", "speed", "'fast'"),
          Row.messages("anthropic", "service_tier", "'priority'"),
          Row.messages("bedrock", "amazon-bedrock-guardrailConfig", "{'tagSuffix':'t'}"),
          Row.responses("prompt", "{'id':'pmpt_1','version':'2','variables':{'city':'Rome'}}"),
          Row.responses("service_tier", "'flex'"),
          Row.chat("openai", "service_tier", "'priority'"),
          Row.chat("azure", "data_sources", "[{'type':'azure_search'}]"),
          Row.chat("azure", "dataSources", "[{'type':'AzureCognitiveSearch'}]"),
          Row.chat("xai", "deferred", "true"),
          Row.chat("xai", "search_parameters", "{'mode':'on'}"),
          Row.chat("openrouter", "models", "['dearer']"),
          Row.chat("openrouter", "plugins", "[{'id':'web'}]"),
          Row.chat("openrouter", "preset", "'mine'"),
          Row.chat("openrouter", "provider", "{'order':['x']}"),
          Row.chat("openrouter", "route", "'fallback'"),
          Row.chat("openai-compatible", "web_search_options", "{'search_context_size':'low'}"),
          // Other servers may have them in this API; in Responses they are Ensemble's own.
          Row.chat("openai-compatible", "background", "true"),
          Row.chat("openai-compatible", "conversation", "'conv_1'"),
          Row.chat("openai-compatible", "previous_response_id", "'resp_1'"),
          new Row(
              "/v1/chat/completions",
              "openai-compatible",
              "extra_body.google.cached_content",
              "'cachedContents/1'",
              "/extra_body/google/cached_content"),
          Row.gemini("cachedContent", "'cachedContents/1'"),
          Row.gemini("cached_content", "'cachedContents/1'"),
          Row.gemini("modelArmorConfig", "{'promptTemplateName':'p'}"),
          Row.gemini("model_armor_config", "{'prompt_template_name':'p'}"),
          Row.gemini("serviceTier", "'priority'"),
          Row.converse("guardrailConfig", "{'guardrailIdentifier':'g','guardrailVersion':'1'}"),
          Row.converse("performanceConfig", "{'latency':'optimized'}"),
          Row.converse("serviceTier", "{'type':'priority'}"));

  private static FakeVendors forbidding;
  private static FakeVendors permitting;

  /**
   * One field in one request.
   *
   * @param api the path of the request
   * @param model a model of the vendor that has the field
   * @param field as the client writes it
   * @param value as JSON with single quotes
   * @param sent where the vendor has it
   */
  private record Row(String api, String model, String field, String value, String sent) {
    static Row messages(String model, String field, String value) {
      return new Row("/v1/messages", model, field, value, "/" + field);
    }

    static Row responses(String field, String value) {
      return new Row("/v1/responses", "openai", field, value, "/" + field);
    }

    static Row chat(String model, String field, String value) {
      return new Row("/v1/chat/completions", model, field, value, "/" + field);
    }

    static Row gemini(String field, String value) {
      return new Row("/v1beta/models/gemini:generateContent", "gemini", field, value, "/" + field);
    }

    /** Amazon's own API is spoken to by Ensemble's own requests. */
    static Row converse(String field, String value) {
      return new Row(
          "/api/v1/generate", "bedrock-converse", "provider_config." + field, value, "/" + field);
    }

    String name() {
      return field.substring(field.lastIndexOf('.') + 1);
    }

    JsonNode json() {
      return EnsembleClient.json(value.replace('\'', '"'));
    }

    String request() {
      ObjectNode body = (ObjectNode) EnsembleClient.json(REQUESTS.get(api).replace('\'', '"'));
      if (!api.startsWith("/v1beta")) {
        body.put("model", model);
      }
      JsonPointer place = JsonPointer.compile("/" + field.replace('.', '/'));
      body.withObject(place.head()).set(name(), json());
      return body.toString();
    }
  }

  @BeforeAll
  static void start() {
    forbidding = new FakeVendors();
    permitting = FakeVendors.permitting(VendorToolCheck.NEED_PERMISSION);
  }

  @AfterAll
  static void stop() {
    forbidding.close();
    permitting.close();
  }

  static List<Row> rows() {
    return ROWS;
  }

  private static FakeVendor vendor(FakeVendors played, String model) {
    FakeVendor vendor =
        VendorWires.withClouds().stream()
            .filter(wire -> wire.type().equals(model))
            .map(played::vendor)
            .findFirst()
            .orElseThrow();
    vendor.answer(FakeAnswer.text("Yes."));
    while (vendor.askedTimes() > 0) {
      vendor.asked();
    }
    return vendor;
  }

  private static HttpResponse<String> ask(FakeVendors played, Row row) {
    return played.ensemble().client().post(row.api(), row.request());
  }

  private static String error(HttpResponse<String> answer) {
    JsonNode body = EnsembleClient.json(answer.body());
    return body.at("/error/message").asText(body.path("message").asText());
  }

  @Test
  void everyFieldHasItsRow() {
    assertThat(ROWS.stream().map(Row::name).collect(Collectors.toSet()))
        .containsExactlyInAnyOrderElementsOf(VendorToolCheck.NEED_PERMISSION);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void withoutPermissionItIsRefusedByTheClientsOwnName(Row row) {
    FakeVendor vendor = vendor(forbidding, row.model());

    HttpResponse<String> answer = ask(forbidding, row);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(error(answer))
        .startsWith(row.field() + ": this field is not allowed at the provider '");
    assertThat(vendor.askedTimes()).isZero();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void withPermissionItArrives(Row row) {
    FakeVendor vendor = vendor(permitting, row.model());

    HttpResponse<String> answer = ask(permitting, row);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-ensemble-dropped")).isEmpty();
    assertThat(EnsembleClient.json(vendor.asked().body()).at(row.sent())).isEqualTo(row.json());
  }

  /** As OpenAI's SDK asks by a prompt that is stored with all it needs. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"{'prompt':{'id':'pmpt_1'}}", "{'prompt':{'id':'pmpt_1'},'input':[]}"})
  void aStoredPromptNeedsNoInput(String body) {
    FakeVendor vendor = vendor(permitting, "openai");
    ObjectNode asked = (ObjectNode) EnsembleClient.json(body.replace('\'', '"'));

    HttpResponse<String> answer =
        permitting
            .ensemble()
            .client()
            .post("/v1/responses", asked.put("model", "openai").toString());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode sent = EnsembleClient.json(vendor.asked().body());
    assertThat(sent.at("/prompt/id").asText()).isEqualTo("pmpt_1");
    assertThat(sent.path("input")).isEqualTo(asked.path("input"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "background | true",
        "conversation | 'conv_1'",
        "previous_response_id | 'resp_1'",
      })
  void inResponsesWhatEnsembleKeepsItselfIsNoMatterOfPermission(String field, String value) {
    FakeVendor vendor = vendor(permitting, "openai");

    HttpResponse<String> answer = ask(permitting, Row.responses(field, value));

    assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 404);
    assertThat(error(answer)).startsWith(field).doesNotContain("not allowed");
    assertThat(vendor.askedTimes()).isZero();
  }
}
