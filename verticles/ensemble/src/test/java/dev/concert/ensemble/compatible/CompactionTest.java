package dev.concert.ensemble.compatible;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.provider.FakeVendors;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.ResponsesWire;
import dev.concert.testing.vendor.VendorWire;
import dev.concert.testing.vendor.VendorWires;
import io.vertx.core.buffer.Buffer;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A long conversation of the Responses API becomes short: by OpenAI itself, or by a summary. */
class CompactionTest {
  private static final String TURNS =
      """
      {"type":"message","role":"user","content":[{"type":"input_text","text":"Mend the gate."}]},
      {"type":"function_call","call_id":"c1","name":"look","arguments":"{}"},
      {"type":"function_call_output","call_id":"c1","output":"The hinge is loose."}\
      """;

  private static final String TOOLS =
      "[{\"type\":\"function\",\"name\":\"look\",\"parameters\":{}}]";

  private static FakeVendors played;

  @BeforeAll
  static void start() {
    played = new FakeVendors();
  }

  @AfterAll
  static void stop() {
    played.close();
  }

  static Stream<VendorWire> others() {
    return VendorWires.all().stream().filter(wire -> !(wire instanceof ResponsesWire));
  }

  private static FakeVendor vendor(VendorWire wire) {
    FakeVendor vendor = played.vendor(wire);
    while (vendor.askedTimes() > 0) {
      vendor.asked();
    }
    return vendor;
  }

  private static HttpResponse<String> post(String path, String body) {
    return played.ensemble().client().post(path, body);
  }

  private static String request(String model, String items, boolean stream) {
    return "{\"model\":\"%s\",\"stream\":%s,\"tools\":%s,\"input\":[%s]}"
        .formatted(model, stream, TOOLS, items);
  }

  private static List<JsonNode> events(String stream) {
    List<JsonNode> events = new ArrayList<>();
    stream
        .lines()
        .filter(line -> line.startsWith("data: "))
        .forEach(line -> events.add(EnsembleClient.json(line.substring(6))));
    return events;
  }

  private static List<JsonNode> doneItems(String stream) {
    return events(stream).stream()
        .filter(event -> event.path("type").asText().equals("response.output_item.done"))
        .map(event -> event.path("item"))
        .toList();
  }

  @Test
  void openAiIsAskedAsTheClientAskedAndItsItemComesBack() {
    FakeVendor vendor = vendor(new ResponsesWire());
    String item = "{\"type\":\"compaction\",\"id\":\"cmp_1\",\"encrypted_content\":\"gAAA\"}";
    vendor.stream(
        Buffer.buffer(
            """
            event: response.created
            data: {"type":"response.created","sequence_number":0,"response":{"id":"r","status":"in_progress","output":[]}}

            event: response.output_item.done
            data: {"type":"response.output_item.done","sequence_number":1,"output_index":0,"item":%s}

            event: response.completed
            data: {"type":"response.completed","sequence_number":2,"response":{"id":"r","status":"completed","output":[%s],"usage":{"input_tokens":9,"output_tokens":3}}}

            """
                .formatted(item, item)));
    String asked = request("openai", TURNS + ",{\"type\":\"compaction_trigger\"}", true);

    String answer = post("/v1/responses", asked).body();

    assertThat(doneItems(answer)).containsExactly(EnsembleClient.json(item));
    assertThat(EnsembleClient.json(vendor.asked().body()).path("input"))
        .isEqualTo(EnsembleClient.json(asked).path("input"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void anotherVendorsModelWritesASummaryWithWhichItsConversationGoesOn(VendorWire wire) {
    FakeVendor vendor = vendor(wire);
    vendor.answer(FakeAnswer.text("The hinge ", "was loose."));
    String trigger = request(wire.type(), TURNS + ",{\"type\":\"compaction_trigger\"}", true);

    List<JsonNode> items = doneItems(post("/v1/responses", trigger).body());

    assertThat(items).hasSize(1);
    JsonNode item = items.getFirst();
    assertThat(item.path("type").asText()).isEqualTo("compaction");
    assertThat(vendor.asked().body())
        .contains("Write a summary of this conversation", "The hinge is loose.");

    String next = TURNS.lines().findFirst().orElseThrow() + item;
    assertThat(post("/v1/responses", request(wire.type(), next, false)).statusCode())
        .isEqualTo(200);
    assertThat(vendor.asked().body())
        .contains("The hinge was loose.", "Mend the gate.")
        .doesNotContain("The hinge is loose.", "ensemble:");
  }

  @Test
  void aSummaryOfAnotherVendorsModelIsAMessageForOpenAi() {
    vendor(new AnthropicWire()).answer(FakeAnswer.text("The hinge was loose."));
    FakeVendor openAi = vendor(new ResponsesWire());
    openAi.answer(FakeAnswer.text("Yes."));
    String trigger = request("anthropic", TURNS + ",{\"type\":\"compaction_trigger\"}", true);
    JsonNode item = doneItems(post("/v1/responses", trigger).body()).getFirst();

    post("/v1/responses", request("openai", item.toString(), false));

    JsonNode sent = EnsembleClient.json(openAi.asked().body()).path("input").path(0);
    assertThat(sent.path("role").asText()).isEqualTo("user");
    assertThat(sent.path("content").path(0).path("text").asText()).contains("The hinge was loose.");
  }

  @Test
  void theOperationOfItsOwnGoesToOpenAiAsItCame() {
    FakeVendor vendor = vendor(new ResponsesWire());
    String theirs =
        """
        {"id":"resp_x","object":"response.compaction","created_at":7,"output":[\
        {"type":"compaction","id":"cmp_1","encrypted_content":"gAAA"}],\
        "usage":{"input_tokens":90,"output_tokens":5,"total_tokens":95}}\
        """;
    vendor.script((asked, to) -> to.putHeader("content-type", "application/json").end(theirs));

    JsonNode answer =
        EnsembleClient.json(
            post(
                    "/v1/responses/compact",
                    "{\"model\":\"openai\",\"instructions\":\"Be"
                        + " brief.\",\"new_field\":1,\"input\":["
                        + TURNS
                        + "]}")
                .body());

    FakeVendor.Asked asked = vendor.asked();
    assertThat(asked.path()).endsWith("/responses/compact");
    JsonNode sent = EnsembleClient.json(asked.body());
    assertThat(sent.path("new_field").asInt()).isEqualTo(1);
    assertThat(sent.has("stream") || sent.has("store") || sent.has("include")).isFalse();
    assertThat(sent.path("input")).isEqualTo(EnsembleClient.json("[" + TURNS + "]"));
    assertThat(answer.path("output")).isEqualTo(EnsembleClient.json(theirs).path("output"));
    assertThat(answer.path("usage").path("cost").asText()).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("others")
  void theOperationOfItsOwnKeepsWhatTheUserSaidBesideTheSummary(VendorWire wire) {
    FakeVendor vendor = vendor(wire);
    vendor.answer(FakeAnswer.text("The hinge was loose."));

    HttpResponse<String> response =
        post("/v1/responses/compact", request(wire.type(), TURNS, false));

    JsonNode answer = EnsembleClient.json(response.body());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    assertThat(answer.path("object").asText()).isEqualTo("response.compaction");
    assertThat(answer.path("output").findValuesAsText("type"))
        .containsSubsequence("message", "compaction");
    assertThat(answer.path("output").path(0).path("content").path(0).path("text").asText())
        .isEqualTo("Mend the gate.");
    assertThat(answer.path("output")).hasSize(2);
    assertThat(answer.path("usage").path("input_tokens").asLong()).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"false, 502", "true, 200"})
  void aModelThatWritesNoSummaryIsAnError(boolean stream, int status) {
    vendor(new AnthropicWire()).answer(FakeAnswer.text("").withCall("toolu_1", "look", "{}"));

    HttpResponse<String> answer =
        post(
            "/v1/responses",
            request("anthropic", TURNS + ",{\"type\":\"compaction_trigger\"}", stream));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains("wrote no summary").doesNotContain("response.completed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/v1/responses/compact | {'model':'anthropic'} | 400 | input: must be",
        "/v1/responses/compact | {'model':'anthropic','input':[]} | 400 | input: must be",
        "/v1/responses/compact | {'input':'x'} | 400 | model",
        "/v1/responses/compact | {'model':'nobody','input':'x'} | 404 | nobody",
        "/v1/responses/compact | {'model':'anthropic','input':'x','previous_response_id':'resp_no'}"
            + " | 400 | previous_response_id",
        "/v1/responses/compact | {'model':'anthropic','input':[{'type':'compaction',"
            + "'encrypted_content':'theirs'}]} | 400 | input[0]",
        "/v1/responses | {'model':'anthropic','input':[{'type':'compaction_trigger'},"
            + "{'role':'user','content':'x'}]} | 400 | input[0]: must be the last item",
        "/v1/responses | {'model':'anthropic','input':[{'type':'compaction',"
            + "'encrypted_content':'ensemble:%%%'}]} | 400 | must be the value that Ensemble sent"
      })
  void wrongInputIsRefusedByItsName(String path, String body, int status, String words) {
    HttpResponse<String> answer = post(path, body.replace('\'', '"'));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
  }
}
