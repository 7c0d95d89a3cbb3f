package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Tools of Chat Completions that are no functions with JSON: custom tools, and the {@code
 * functions} from before there were tools.
 */
class ChatCallsTest {
  private static final String CUSTOM =
      "'tools':[{'type':'custom','custom':{'name':'apply_patch','description':'Edits a"
          + " file.','format':{'type':'grammar','grammar':{'syntax':'lark','definition':'start:"
          + " LINE+'}}}}]";

  private static final String CUSTOM_HISTORY =
      "'messages':[{'role':'user','content':'go'},{'role':'assistant','content':null,'tool_calls':["
          + "{'id':'call_a','type':'custom','custom':{'name':'apply_patch','input':'*** old'}}]},"
          + "{'role':'tool','tool_call_id':'call_a','content':'done'}]";

  private static final String FUNCTIONS =
      "'functions':[{'name':'weather','description':'Of a city.','parameters':{'type':'object'}}]";

  private static final String FUNCTION_HISTORY =
      "'messages':[{'role':'user','content':'go'},{'role':'assistant','content':null,"
          + "'function_call':{'name':'weather','arguments':'{}'}},"
          + "{'role':'function','name':'weather','content':'rain'}]";

  private static SameVendorCalls calls;

  @BeforeAll
  static void start() {
    calls = new SameVendorCalls();
  }

  @AfterAll
  static void stop() {
    calls.close();
  }

  /** The first choice of an answer; the pieces of a stream joined as the SDKs do it. */
  private static JsonNode choice(HttpResponse<String> answer, boolean stream) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return stream
        ? JoinedChunks.of(answer.body()).path(0)
        : EnsembleClient.json(answer.body()).path("choices").path(0);
  }

  private static String request(boolean stream, String... fields) {
    return "{" + String.join(",", fields) + ",'stream':" + stream + "}";
  }

  private static void played(FakeVendor vendor, String... choices) {
    Stream<String> chunks =
        Stream.of(choices).map(choice -> "{'id':'1','choices':[" + choice + "]}");
    events(vendor, Stream.concat(chunks, Stream.of("[DONE]")).toArray(String[]::new));
  }

  private static void events(FakeVendor vendor, String... all) {
    vendor.stream(SameVendorCalls.events(all));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aCustomToolAtItsOwnVendorIsCalledWithItsText(boolean stream) {
    FakeVendor vendor = calls.vendor("openai-compatible");
    played(
        vendor,
        "{'index':0,'delta':{'role':'assistant','tool_calls':[{'index':0,'id':'call_1',"
            + "'type':'custom','custom':{'name':'apply_patch','input':''}}]}}",
        "{'index':0,'delta':{'tool_calls':[{'index':0,'custom':{'input':'*** Be'}}]}}",
        "{'index':0,'delta':{'tool_calls':[{'index':0,'custom':{'input':'gin\\n\\\"'}}]}}",
        "{'index':0,'delta':{},'finish_reason':'tool_calls'}");

    HttpResponse<String> answer =
        calls.ask("chat", "openai-compatible", request(stream, CUSTOM, CUSTOM_HISTORY));

    JsonNode choice = choice(answer, stream);
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    JsonNode call = choice.at("/message/tool_calls/0");
    assertThat(call.path("type").asText()).isEqualTo("custom");
    assertThat(call.path("id").asText()).isEqualTo("call_1");
    assertThat(call.at("/custom/name").asText()).isEqualTo("apply_patch");
    assertThat(call.at("/custom/input").asText()).isEqualTo("*** Begin\n\"");
    assertThat(answer.headers().firstValue("x-ensemble-dropped")).isEmpty();
    JsonNode sent = EnsembleClient.json(vendor.asked().body());
    JsonNode asked =
        EnsembleClient.json(("{" + CUSTOM + "," + CUSTOM_HISTORY + "}").replace('\'', '"'));
    assertThat(sent.path("tools")).isEqualTo(asked.path("tools"));
    assertThat(sent.path("messages")).isEqualTo(asked.path("messages"));
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aCustomToolIsAFunctionElsewhereAndTheClientsAgain(boolean stream) {
    FakeVendor vendor = calls.vendor("anthropic");
    vendor.answer(
        FakeAnswer.text("I call.").withCall("call_1", "apply_patch", "{\"input\":\"*** Begin\"}"));

    HttpResponse<String> answer =
        calls.ask(
            "chat",
            "anthropic",
            request(
                stream,
                CUSTOM,
                CUSTOM_HISTORY,
                "'tool_choice':{'type':'custom','custom':{'name':'apply_patch'}}"));

    JsonNode call = choice(answer, stream).at("/message/tool_calls/0");
    assertThat(call.path("type").asText()).isEqualTo("custom");
    assertThat(call.at("/custom/input").asText()).isEqualTo("*** Begin");
    // The grammar is described, and nothing makes the model follow it.
    assertThat(answer.headers().firstValue("x-ensemble-dropped"))
        .hasValue("tools[0].custom.format");
    assertThat(vendor.asked().body())
        .contains("\"tool_choice\":{\"type\":\"tool\",\"name\":\"apply_patch\"}")
        .contains("Edits a file.\\n\\nThe input must follow this grammar:\\nstart: LINE+")
        .contains("\"input\":{\"input\":\"*** old\"}", "\"tool_use_id\":\"call_a\"");
  }

  /** OpenAI answers in Responses, where models that think can have tools. */
  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aCustomToolAtOpenAiKeepsItsGrammar(boolean stream) {
    FakeVendor vendor = calls.vendor("openai");
    String call =
        "{'type':'custom_tool_call','id':'ctc_1','call_id':'call_1','name':'apply_patch','input':'";
    events(
        vendor,
        "{'type':'response.output_item.added','output_index':0,'item':" + call + "'}}",
        "{'type':'response.custom_tool_call_input.delta','output_index':0,'delta':'*** Begin'}",
        "{'type':'response.output_item.done','output_index':0,'item':" + call + "*** Begin'}}",
        "{'type':'response.completed','response':{'status':'completed','output':[],"
            + "'usage':{'input_tokens':3,'output_tokens':4}}}");

    HttpResponse<String> answer =
        calls.ask(
            "chat",
            "openai",
            request(
                stream,
                CUSTOM,
                CUSTOM_HISTORY,
                "'tool_choice':{'type':'custom','custom':{'name':'apply_patch'}}"));

    JsonNode choice = choice(answer, stream);
    assertThat(choice.path("finish_reason").asText()).isEqualTo("tool_calls");
    JsonNode called = choice.at("/message/tool_calls/0");
    assertThat(called.path("type").asText()).isEqualTo("custom");
    assertThat(called.at("/custom/input").asText()).isEqualTo("*** Begin");
    assertThat(answer.headers().firstValue("x-ensemble-dropped")).isEmpty();
    assertThat(vendor.asked().body().replace('"', '\''))
        .contains(
            "{'type':'custom','name':'apply_patch','description':'Edits a file.','format':"
                + "{'type':'grammar','syntax':'lark','definition':'start: LINE+'}}")
        .contains("'tool_choice':{'type':'custom','name':'apply_patch'}")
        .contains(
            "{'type':'custom_tool_call','call_id':'call_a','name':'apply_patch',"
                + "'input':'*** old'}",
            "{'type':'custom_tool_call_output','call_id':'call_a','output':'done'}");
  }

  /** The client sends the call back as it got it. */
  @Test
  void aCustomCallOfOpenAiGoesBackWithItsId() {
    FakeVendor vendor = calls.vendor("openai");
    events(
        vendor,
        "{'type':'response.output_item.done','output_index':0,'item':{'type':'custom_tool_call',"
            + "'id':'ctc_1','call_id':'call_1','name':'apply_patch','input':'x'}}",
        "{'type':'response.completed','response':{'status':'completed','output':[]}}");
    JsonNode said = choice(calls.ask("chat", "openai", "{" + CUSTOM + "}"), false).path("message");
    calls.vendor("openai");

    HttpResponse<String> next =
        calls.ask(
            "chat",
            "openai",
            "{"
                + CUSTOM
                + ",'messages':[{'role':'user','content':'go'},"
                + said.toString().replace('"', '\'')
                + ",{'role':'tool','tool_call_id':'call_1','content':'done'}]}");

    assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
    assertThat(vendor.asked().body())
        .contains("\"input\":\"x\",\"id\":\"ctc_1\"", "\"custom_tool_call_output\"");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aFunctionFromBeforeThereWereToolsIsCalledAsSuch(boolean stream) {
    FakeVendor vendor = calls.vendor("openai-compatible");
    played(
        vendor,
        "{'index':0,'delta':{'role':'assistant','content':null,'function_call':{'name':'weather',"
            + "'arguments':''}}}",
        "{'index':0,'delta':{'function_call':{'arguments':'{\\\"city\\\":'}}}",
        "{'index':0,'delta':{'function_call':{'arguments':'1}'}}}",
        "{'index':0,'delta':{},'finish_reason':'function_call'}");

    HttpResponse<String> answer =
        calls.ask("chat", "openai-compatible", request(stream, FUNCTIONS, FUNCTION_HISTORY));

    JsonNode choice = choice(answer, stream);
    assertThat(choice.path("finish_reason").asText()).isEqualTo("function_call");
    assertThat(choice.at("/message/function_call/name").asText()).isEqualTo("weather");
    assertThat(choice.at("/message/function_call/arguments").asText()).isEqualTo("{\"city\":1}");
    assertThat(choice.path("message").has("tool_calls")).isFalse();
    JsonNode sent = EnsembleClient.json(vendor.asked().body());
    assertThat(sent.has("functions")).isTrue();
    assertThat(sent.has("tools")).isFalse();
    assertThat(sent.at("/messages/2/role").asText()).isEqualTo("function");
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void aFunctionFromBeforeThereWereToolsIsAToolElsewhere(boolean stream) {
    FakeVendor vendor = calls.vendor("anthropic");
    vendor.answer(
        FakeAnswer.text("I call.")
            .withCall("call_1", "weather", "{\"city\":1}")
            .withCall("call_2", "weather", "{\"city\":2}"));

    HttpResponse<String> answer =
        calls.ask(
            "chat",
            "anthropic",
            request(stream, FUNCTIONS, FUNCTION_HISTORY, "'function_call':{'name':'weather'}"));

    JsonNode choice = choice(answer, stream);
    assertThat(choice.path("finish_reason").asText()).isEqualTo("function_call");
    // There is room for one call only.
    assertThat(choice.at("/message/function_call/arguments").asText()).isEqualTo("{\"city\":1}");
    assertThat(choice.at("/message/content").asText()).isEqualTo("I call.");
    JsonNode sent = EnsembleClient.json(vendor.asked().body());
    assertThat(sent.at("/tools/0/name").asText()).isEqualTo("weather");
    assertThat(sent.at("/tool_choice/name").asText()).isEqualTo("weather");
    assertThat(sent.at("/tool_choice/disable_parallel_tool_use").asBoolean()).isTrue();
    String id = sent.at("/messages/1/content/0/id").asText();
    assertThat(id).isNotEmpty();
    assertThat(sent.at("/messages/2/content/0/tool_use_id").asText()).isEqualTo(id);
    assertThat(sent.at("/messages/2/content/0/content").asText()).isEqualTo("rain");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'functions':[{'name':'f'}],'tools':[]} | functions: cannot be beside tools",
        "{'functions':[{'description':'d'}]} | functions[0].name: ",
        "{'tools':[{'type':'custom','custom':{'description':'d'}}]} | tools[0].custom.name: ",
        "{'tools':[{'type':'function','function':{'name':7}}]} | tools[0].function.name: ",
        "{'tools':[{'type':'function','function':{'name':'f'},'cache_control':{'type':7}}]} |"
            + " tools[0].cache_control.type: ",
        "{'tools':[{'type':'not_known_yet'}]} | tools[0]: the type 'not_known_yet' is not allowed",
        "{'tools':[{'function':{'name':'f'}}]} | tools[0].type: is required",
        "{'messages':[{'role':'assistant','tool_calls':[{'id':'c','type':'custom',"
            + "'custom':{'name':'f'}}]}]} | messages[0].tool_calls[0].custom.input: must be a text",
        "{'messages':[{'role':'assistant','function_call':{'arguments':'{}'}}]} |"
            + " messages[0].function_call.name: must be a text"
      })
  void aWrongToolIsNamedByItsField(String more, String error) {
    FakeVendor vendor = calls.vendor("openai-compatible");

    HttpResponse<String> answer = calls.ask("chat", "openai-compatible", more);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(EnsembleClient.json(answer.body()).at("/error/message").asText()).startsWith(error);
    assertThat(vendor.askedTimes()).isZero();
  }

  @Test
  void parallelCallsOfBothKindsKeepTheirPlaces() {
    FakeVendor vendor = calls.vendor("openai-compatible");
    played(
        vendor,
        "{'index':0,'delta':{'tool_calls':[{'index':0,'id':'a','type':'function',"
            + "'function':{'name':'f','arguments':'{}'}},{'index':1,'id':'b','type':'custom',"
            + "'custom':{'name':'apply_patch','input':'x'}}]}}",
        "{'index':0,'delta':{},'finish_reason':'tool_calls'}");
    String tools =
        CUSTOM.replace("'tools':[", "'tools':[{'type':'function','function':{'name':'f'}},");

    HttpResponse<String> answer =
        calls.ask("chat", "openai-compatible", "{" + tools + ",'stream':true}");

    JsonNode all = choice(answer, true).at("/message/tool_calls");
    assertThat(List.of(all.at("/0/id").asText(), all.at("/1/id").asText()))
        .containsExactly("a", "b");
    assertThat(all.at("/0/function/arguments").asText()).isEqualTo("{}");
    assertThat(all.at("/1/custom/input").asText()).isEqualTo("x");
  }
}
