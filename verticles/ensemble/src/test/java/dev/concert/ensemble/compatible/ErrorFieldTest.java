package dev.concert.ensemble.compatible;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong in a request is named as its client sent it, at its own place. */
class ErrorFieldTest {
  private static RunningEnsemble ensemble;

  @BeforeAll
  static void start() {
    String config =
        """
        {"ensemble": {"apiKeys": ["%s"], "retrySeconds": 0, "providers": [{"name": "p", "type": "openai-compatible",
          "baseUrl": "http://127.0.0.1:9", "models": [{"id": "m"}]}]}}
        """
            .formatted(RunningEnsemble.KEY);
    ensemble = new RunningEnsemble(EnsembleOptions.from(new JsonObject(config), Map.of()));
  }

  @AfterAll
  static void stop() {
    ensemble.close();
  }

  private static Arguments chat(String more, String field, String rule) {
    return chat("{'role':'user','content':'hi'}", more, field, rule);
  }

  private static Arguments chat(String messages, String more, String field, String rule) {
    return Arguments.of(
        "/v1/chat/completions",
        "{'model':'m','messages':[{'role':'system','content':'s'}," + messages + "]" + more + "}",
        field,
        rule);
  }

  private static Arguments messages(String messages, String more, String field, String rule) {
    return Arguments.of(
        "/v1/messages",
        "{'model':'m','system':'s','max_tokens':9,'messages':[" + messages + "]" + more + "}",
        field,
        rule);
  }

  private static Arguments responses(String inputAndMore, String field, String rule) {
    return Arguments.of(
        "/v1/responses",
        "{'model':'m','instructions':'s','input':" + inputAndMore + "}",
        field,
        rule);
  }

  private static Arguments gemini(String parts, String more, String field, String rule) {
    return Arguments.of(
        "/v1beta/models/m:generateContent",
        "{'contents':[{'role':'user'," + parts + "}]" + more + "}",
        field,
        rule);
  }

  static List<Arguments> wrong() {
    String user = "{'role':'user','content':'hi'}";
    String results =
        "{'role':'user','content':[{'type':'tool_result','tool_use_id':'c1','content':'x'},"
            + "{'type':'tool_result','tool_use_id':'c2','content':'y'},%s]}";
    String image =
        "{'type':'image','source':{'type':'base64','media_type':'image/png','data':'AAAA'}}";
    return List.of(
        chat(",'reasoning_effort':5", "reasoning_effort", "must be one of none, minimal, low"),
        chat(
            ",'response_format':{'type':'json_schema','json_schema':{'name':'x'}}",
            "response_format.json_schema.schema",
            "must be a JSON Schema object"),
        chat(",'max_tokens':1000000000000", "max_tokens", "must be a whole number of at most"),
        chat(",'max_completion_tokens':0", "max_completion_tokens", "must be at least 1"),
        chat(",'stop':[5]", "stop[0]", "must be a string"),
        chat(",'tool_choice':5", "tool_choice", "must be a word, or name a function"),
        chat(",'stop':{'a':1}", "stop", "must be a string or an array of strings"),
        chat(",'response_format':'json'", "response_format", "must be an object"),
        chat(",'tools':{}", "tools", "must be an array"),
        chat(
            "{'role':'user','content':[{'type':'image_url','image_url':{'url':'nope'}}]}",
            "",
            "messages[1].content[0].image_url.url",
            "must be a URL"),
        chat(
            "{'role':'user','content':[{'type':'file','file':{}}]}",
            "",
            "messages[1].content[0].file.file_data",
            "is required"),
        messages(user, ",'tools':{}", "tools", "must be an array"),
        messages(user, ",'tool_choice':'auto'", "tool_choice", "must be an object"),
        messages(user, ",'system':{'a':1}", "system", "must be a string or an array of blocks"),
        messages(
            "{'role':'user','content':[{'type':'tool_result','tool_use_id':'c','content':{'a':1}}]}",
            "",
            "messages[0].content[0].content",
            "must be a string or an array of blocks"),
        responses("'hi','instructions':['s']", "instructions", "must be a string"),
        responses("'hi','reasoning':5", "reasoning", "must be an object"),
        responses("'hi','text':{'format':'json'}", "text.format", "must be an object"),
        responses("'hi','tools':{}", "tools", "must be an array"),
        responses("'hi','tool_choice':5", "tool_choice", "must be a string or an object"),
        responses("'hi','conversation':'c'", "conversation", "is not served"),
        responses(
            "[{'role':'user','content':[{'type':'input_file','file_url':'nope'}]}]",
            "input[0].content[0].file_url",
            "must be a URL"),
        gemini(
            "'parts':[{'text':'x'},{'inlineData':{'data':'AAAA'}}]",
            "",
            "contents[0].parts[1].inlineData.mimeType",
            "is required"),
        gemini(
            "'parts':[{'text':'x'},{'fileData':{'fileUri':'nope'}}]",
            "",
            "contents[0].parts[1].fileData.fileUri",
            "must be a URL"),
        gemini(
            "'parts':[{'inlineData':{'mimeType':'image/png','data':'AAAA'}}]",
            "",
            "contents[0].parts[0]",
            "the model 'm' cannot see images"),
        gemini(
            "'parts':[{'text':'x'}]",
            ",'tools':[{'functionDeclarations':{'name':'f'}}]",
            "tools[0].functionDeclarations",
            "must be an array"),
        gemini(
            "'parts':[{'text':'x'}]",
            ",'tools':[{'functionDeclarations':[{'name':'f'},{'name':'a b'}]}]",
            "tools[0].functionDeclarations[1].name",
            "must be 1 to 128"),
        gemini(
            "'parts':[{'text':'x'}]",
            ",'tools':[{'urlContext':{}}]",
            "tools[0].urlContext",
            "the type 'urlContext' is not allowed"),
        gemini(
            "'parts':[{'text':'x'}]",
            ",'generationConfig':{'topP':7}",
            "generationConfig.topP",
            "must be between 0 and 1"),
        chat(
            ",'tool_choice':{'type':'function','function':{'name':'f'}}",
            "tool_choice.function.name",
            "must be the name of an offered tool"),
        chat(
            ",'tools':[{'type':'function','function':{'name':'a b'}}]",
            "tools[0].function.name",
            "must be 1 to 128"),
        chat(
            "{'role':'assistant','content':'x','tool_calls':[{'id':'c','type':'function',"
                + "'function':{'name':'f','arguments':5}}]}",
            "",
            "messages[1].tool_calls[0].function.arguments",
            "must be a string"),
        chat(
            "{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'{}'}}]}",
            "",
            "messages[1].tool_calls[0].id",
            "is required"),
        chat(
            "{'role':'user','content':[{'type':'text','text':'x'},"
                + "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}]}",
            "",
            "messages[1].content[1]",
            "the model 'm' cannot see images"),
        messages(
            "{'role':'user','content':[{'type':'tool_result','content':'x'}]}",
            "",
            "messages[0].content[0].tool_use_id",
            "is required"),
        messages(
            results.formatted("{'type':'text','text':5}"),
            "",
            "messages[0].content[2].text",
            "must be a string"),
        messages(
            user + ",{'role':'assistant','content':[{'type':'tool_use','name':'f','input':{}}]}",
            "",
            "messages[1].content[0].id",
            "is required"),
        messages(
            results.formatted(image),
            "",
            "messages[0].content[2]",
            "the model 'm' cannot see images"),
        messages(
            user, ",'tools':[{'name':'f','input_schema':5}]", "tools[0].input_schema", "must be"),
        messages(
            user,
            ",'tool_choice':{'type':'often'}",
            "tool_choice.type",
            "the provider 'p' of the model 'm' has nothing like it"),
        messages(
            user,
            ",'output_config':{'format':{'type':'json_schema'}}",
            "output_config.format.schema",
            "must be a JSON Schema object"),
        responses("'hi','max_output_tokens':0", "max_output_tokens", "must be at least 1"),
        responses(
            "'hi','text':{'format':{'type':'json_schema','name':'x'}}",
            "text.format.schema",
            "must be a JSON Schema object"),
        responses(
            "[" + user + ",{'type':'function_call','name':'f','arguments':'{}'}]",
            "input[1].call_id",
            "is required"),
        responses(
            "[{'type':'reasoning','summary':[]},{'type':'function_call','call_id':'c','name':'f',"
                + "'arguments':'{}'},{'type':'function_call_output','output':'x'}]",
            "input[2].call_id",
            "is required"),
        responses(
            "[" + user + ",{'role':'user','content':[{'type':'input_text','text':5}]}]",
            "input[1].content[0].text",
            "must be a string"),
        responses(
            "'hi','tools':[{'type':'function','name':'a b','parameters':{}}]",
            "tools[0].name",
            "must be 1 to 128"),
        Arguments.of(
            "/v1/messages",
            "{'model':'m','max_tokens':1000000000000,'messages':[" + user + "]}",
            "max_tokens",
            "must be a whole number of at most"));
  }

  @ParameterizedTest(name = "{0} {2}: {3}")
  @MethodSource("wrong")
  void isNamedAsTheClientSentIt(String path, String body, String field, String rule) {
    HttpResponse<String> response =
        ensemble.client(RunningEnsemble.KEY).post(path, body.replace('\'', '"'));

    assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
    JsonNode error = EnsembleClient.json(response.body()).path("error");
    assertThat(error.path("message").asText()).startsWith(field + ": " + rule);
    if (path.endsWith("completions") || path.endsWith("responses")) {
      assertThat(error.path("param").asText()).isEqualTo(field);
    }
  }

  static List<Arguments> advice() {
    return List.of(
        Arguments.of(RunningEnsemble.KEY, "{", "Send one JSON object."),
        Arguments.of("", "{}", "Send a valid key of Ensemble with the request."),
        Arguments.of("wrong", "{}", "Send a valid key of Ensemble with the request."),
        Arguments.of(
            RunningEnsemble.KEY, "{}", "Correct the named field and send the request again."));
  }

  @ParameterizedTest
  @MethodSource("advice")
  void whatToDoNextIsWhatThisApiCanDo(String key, String body, String advice) {
    assertThat(ensemble.client(key).post("/v1/messages", body).body()).contains(advice);
    assertThat(ensemble.client(key).post("/v1/chat/completions", body).body()).contains(advice);
  }
}
