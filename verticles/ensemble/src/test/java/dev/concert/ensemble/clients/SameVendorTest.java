package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.testing.vendor.AnthropicWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.VendorWires;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a client sends in a vendor's API: at that vendor all of it arrives, and elsewhere nothing is
 * lost without a word.
 */
class SameVendorTest {
  private static SameVendorCalls calls;

  @BeforeAll
  static void start() {
    calls = new SameVendorCalls();
  }

  @AfterAll
  static void stop() {
    calls.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "messages | anthropic |"
            + " {'context_management':{'edits':[{'type':'clear_thinking_20251015'}]}}",
        "messages | anthropic |"
            + " {'metadata':{'user_id':'u'},'thinking':{'type':'adaptive','display':'omitted'}}",
        "messages | anthropic |"
            + " {'output_config':{'effort':'not_known_yet'},'not_known_yet':{'a':[1.50]}}",
        "messages | anthropic |"
            + " {'tools':[{'name':'t','input_schema':{'type':'object'},'defer_loading':true,"
            + "'input_examples':[{}],'allowed_callers':['direct']}]}",
        "messages | anthropic | {'tools':[{'type':'bash_20250124','name':'bash'},"
            + "{'type':'tool_search_tool_regex_20251119','name':'tool_search_tool_regex'}]}",
        "messages | anthropic | {'messages':[{'role':'user','content':'hi'},"
            + "{'role':'system','content':[{'type':'text','text':'later','cache_control':{'type':'ephemeral'}}]}]}",
        "messages | anthropic |"
            + " {'messages':[{'role':'user','content':[{'type':'document','context':'c',"
            + "'citations':{'enabled':true},'source':{'type':'text','media_type':'text/plain','data':'d'}}]}]}",
        "messages | anthropic |"
            + " {'messages':[{'role':'user','content':[{'type':'search_result','source':'s','title':'t',"
            + "'content':[{'type':'text','text':'x'}],'citations':{'enabled':true}}]}]}",
        "messages | anthropic |"
            + " {'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':["
            + "{'type':'tool_use','id':'t1','name':'n','input':{'b':1,'a':2}}]},{'role':'user','content':["
            + "{'type':'tool_result','tool_use_id':'t1','content':[],'cache_control':{'type':'ephemeral','ttl':'1h'}}]}]}",
        "chat | openai-compatible |"
            + " {'seed':7,'presence_penalty':0.5,'frequency_penalty':0.5,'logit_bias':{'1':2},"
            + "'user':'u','metadata':{'a':'b'},'verbosity':'low','top_k':3,'min_p':0.1}",
        "chat | openai-compatible |"
            + " {'chat_template_kwargs':{'enable_thinking':false},'repetition_penalty':1.10}",
        "chat | openrouter |"
            + " {'reasoning':{'max_tokens':9},'thinking':{'type':'enabled'},'transforms':[]}",
        "chat | openai-compatible | {'logprobs':true,'top_logprobs':2}",
        "chat | openai-compatible | {'messages':[{'role':'user','content':[{'type':'image_url',"
            + "'image_url':{'url':'https://example.org/a.png','detail':'low'}}]}]}",
        "chat | openai-compatible | {'messages':[{'role':'user','content':[{'type':'video_url',"
            + "'video_url':{'url':'https://example.org/a.mp4'}}]}]}",
        "responses | openai |"
            + " {'text':{'verbosity':'low'},'reasoning':{'effort':'high','summary':'auto','context':'x'},"
            + "'metadata':{'a':'b'},'client_metadata':{'c':'d'},'truncation':'auto'}",
        "responses | openai | {'tools':[{'type':'namespace','name':'multi_agent','tools':["
            + "{'type':'function','name':'spawn','parameters':{'type':'object'}}]},"
            + "{'type':'custom','name':'apply_patch','format':{'type':'text'}},{'type':'tool_search','execution':'client'}]}",
        "responses | openai | {'input':[{'type':'additional_tools','role':'developer','tools':["
            + "{'type':'function','name':'f','parameters':{}}]},"
            + "{'type':'custom_tool_call','id':'ctc_1','call_id':'c','name':'p','input':'x'},"
            + "{'type':'custom_tool_call_output','call_id':'c','output':'done'},"
            + "{'type':'compaction','id':'cmp_1','encrypted_content':'e'}]}"
      })
  void atItsOwnVendorEverythingArrives(String api, String model, String more) {
    FakeVendor vendor = calls.vendor(model);

    HttpResponse<String> answer = calls.ask(api, model, more);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-ensemble-dropped")).isEmpty();
    JsonNode sent = EnsembleClient.json(vendor.asked().body());
    EnsembleClient.json(more.replace('\'', '"'))
        .properties()
        .forEach(field -> assertThat(sent.path(field.getKey())).isEqualTo(field.getValue()));
    assertThat(sent.path("model").asText()).isEqualTo("vendors-own-name");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "messages | openai | {'context_management':{'edits':[]},'metadata':{}} |"
            + " context_management, metadata",
        "messages | gemini |"
            + " {'tools':[{'name':'t','input_schema':{'type':'object'},'defer_loading':true}]} |"
            + " tools[0].defer_loading",
        "messages | openai-compatible |"
            + " {'messages':[{'role':'user','content':'hi'},{'role':'user','content':["
            + "{'type':'text','text':'a'},{'type':'document','citations':{'enabled':true},'source':{'type':'text','media_type':'text/plain','data':'d'}}]}]}"
            + " | messages[1].content[1].citations",
        "messages | openai | {'output_config':{'effort':'not_known_yet'}} | output_config.effort",
        "chat | anthropic | {'seed':7,'logit_bias':{'1':2}} | seed, logit_bias",
        "chat | gemini | {'messages':[{'role':'user','content':[{'type':'image_url',"
            + "'image_url':{'url':'https://example.org/a.png','detail':'low'}}]}]} |"
            + " messages[0].content[0].image_url.detail",
        "responses | anthropic | {'text':{'verbosity':'low'},'metadata':{}} | metadata,"
            + " text.verbosity",
        "responses | openai-compatible |"
            + " {'tools':[{'type':'web_search'},{'type':'function','name':'f','parameters':{}}]} |"
            + " tools[0]",
        "responses | openai | {'tools':[{'type':'custom','name':'f'},{'type':'web_search'}]} |"
            + " tools[1]",
        "responses | gemini |"
            + " {'input':[{'role':'user','content':'hi'},{'type':'web_search_call','id':'ws_1'}]} |"
            + " input[1]"
      })
  void elsewhereWhatIsLeftOutIsNamed(String api, String model, String more, String dropped) {
    calls.vendor(model);

    HttpResponse<String> answer = calls.ask(api, model, more);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-ensemble-dropped")).hasValue(dropped);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Elsewhere: without it the request would mean something else.
        "messages | openai | {'tools':[{'type':'bash_20250124','name':'bash'}]} | tools[0]",
        "messages | openai |"
            + " {'messages':[{'role':'user','content':'hi'},{'role':'user','content':[{'type':'image','source':{'type':'file','file_id':'f'}}]}]}"
            + " | messages[1].content[0].source",
        "chat | anthropic | {'logprobs':true} | logprobs",
        "chat | anthropic | {'messages':[{'role':'user','content':[{'type':'video_url',"
            + "'video_url':{'url':'https://example.org/a.mp4'}}]}]} | messages[0].content[0]",
        "responses | anthropic | {'input':[{'type':'compaction','encrypted_content':'e'}]} |"
            + " input[0]",
        "responses | anthropic |"
            + " {'input':[{'role':'user','content':[{'type':'input_image','file_id':'f'}]}]} |"
            + " input[0].content[0].file_id",
        // Everywhere: only with the operator's permission.
        "messages | anthropic | {'mcp_servers':[{'type':'url','url':'https://evil'}]} |"
            + " mcp_servers",
        "messages | anthropic | {'container':'c'} | container",
        "messages | anthropic | {'service_tier':'priority'} | service_tier",
        "messages | anthropic | {'speed':'fast'} | speed",
        "messages | openai | {'mcp_servers':[{}]} | mcp_servers",
        "messages | anthropic | {'tools':[{'type':'web_search_20250305','name':'web_search'}]} |"
            + " tools[0]",
        "messages | anthropic | {'messages':[{'role':'user','content':[{'type':'document',"
            + "'source':{'type':'file','file_id':'f'}}]}]} |"
            + " messages[0].content[0].source.file_id",
        "chat | openai | {'service_tier':'priority'} | service_tier",
        "chat | openrouter | {'models':['dearer']} | models",
        "chat | openrouter | {'plugins':[{'id':'web'}]} | plugins",
        "chat | openrouter | {'provider':{'order':['x']}} | provider",
        "chat | openai-compatible | {'web_search_options':{}} | web_search_options",
        "chat | xai | {'search_parameters':{'mode':'on'}} | search_parameters",
        "responses | openai | {'service_tier':'priority'} | service_tier",
        "responses | openai | {'prompt':{'id':'p'}} | prompt",
        "responses | openai | {'tools':[{'type':'web_search'}]} | tools[0]",
        "responses | openai | {'tools':[{'type':'mcp','server_url':'https://evil'}]} | tools[0]",
        "responses | openai | {'tools':[{'type':'namespace','name':'n','tools':[{'type':'mcp'}]}]}"
            + " | tools[0].tools[0]",
        "responses | openai | {'input':[{'type':'additional_tools','tools':[{'type':'web_search'},"
            + "{'type':'mcp','server_url':'https://evil'}]}]} | input[0].tools[",
        "responses | openai |"
            + " {'input':[{'role':'user','content':[{'type':'input_file','file_id':'f'}]}]} |"
            + " input[0].content[0].file_id"
      })
  void whatWouldMeanSomethingElseOrNeedsPermissionIsRefused(
      String api, String model, String more, String field) {
    FakeVendor vendor = calls.vendor(model);

    HttpResponse<String> answer = calls.ask(api, model, more);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(EnsembleClient.json(answer.body()).path("error").path("message").asText())
        .startsWith(field);
    assertThat(vendor.askedTimes()).isZero();
  }

  @Test
  void headersThatSwitchFeaturesOnPassAndTheClientsCredentialsDoNot() {
    FakeVendor vendor = calls.vendor("anthropic");
    EnsembleClient client = calls.ensemble().client();

    client.send(
        client
            .request(
                "/v1/messages",
                "{\"model\":\"anthropic\",\"max_tokens\":5,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
            .header("anthropic-beta", "first-2026")
            .header("anthropic-beta", "second-2026")
            .header("Cookie", "secret=1")
            .header("OpenAI-Organization", "org")
            .header("OpenAI-Project", "project")
            .header("x-codex-turn-metadata", "turn")
            .header("x-grok-conv-id", "conversation")
            .build());

    FakeVendor.Asked asked = vendor.asked();
    assertThat(asked.headers().get("anthropic-beta")).isEqualTo("first-2026,second-2026");
    assertThat(asked.headers().get("x-api-key")).isEqualTo(FakeVendor.KEY);
    assertThat(asked.headers().names())
        .contains("x-codex-turn-metadata", "x-grok-conv-id")
        .doesNotContain("authorization", "Cookie", "openai-organization", "openai-project");
    assertThat(asked.headers().toString()).doesNotContain(RunningEnsemble.KEY);
  }

  @Test
  void toolsOfOpenAiBecomeFunctionsElsewhereAndTheClientsAgain() {
    FakeVendor vendor = calls.vendor(new AnthropicWire());
    vendor.answer(
        FakeAnswer.text("I call.")
            .withCall("call_1", "multi_agent__spawn", "{\"task\":\"x\"}")
            .withCall("call_2", "apply_patch", "{\"input\":\"*** Begin\"}")
            .withCall("call_3", "tool_search", "{\"query\":\"q\"}"));
    String tools =
        "'tools':[{'type':'namespace','name':'multi_agent','tools':[{'type':'function','name':'spawn',"
            + "'parameters':{'type':'object'}}]},{'type':'custom','name':'apply_patch'},"
            + "{'type':'tool_search','execution':'client','parameters':{'type':'object'}}]";
    String history =
        "'input':[{'role':'user','content':'go'},"
            + "{'type':'function_call','call_id':'a','namespace':'multi_agent','name':'spawn','arguments':'{}'},"
            + "{'type':'custom_tool_call','call_id':'b','name':'apply_patch','input':'old'},"
            + "{'type':'function_call_output','call_id':'a','output':'one'},"
            + "{'type':'custom_tool_call_output','call_id':'b','output':'two'}]";

    JsonNode output =
        EnsembleClient.json(
                calls.ask("responses", "anthropic", "{" + tools + "," + history + "}").body())
            .path("output");

    assertThat(output.path(1).path("namespace").asText()).isEqualTo("multi_agent");
    assertThat(output.path(1).path("name").asText()).isEqualTo("spawn");
    assertThat(output.path(2).path("type").asText()).isEqualTo("custom_tool_call");
    assertThat(output.path(2).path("input").asText()).isEqualTo("*** Begin");
    assertThat(output.path(3).path("type").asText()).isEqualTo("tool_search_call");
    assertThat(output.path(3).path("arguments").path("query").asText()).isEqualTo("q");
    assertThat(vendor.asked().body())
        .contains("\"name\":\"multi_agent__spawn\",\"input\":{}", "\"input\":{\"input\":\"old\"}")
        .contains("\"tool_use_id\":\"a\",\"content\":\"one\"", "\"content\":\"two\"");
  }

  @Test
  void toolsThatComeAsAnItemAreToolsElsewhereToo() {
    FakeVendor vendor = calls.vendor("anthropic");

    HttpResponse<String> answer =
        calls.ask(
            "responses",
            "anthropic",
            "{'input':[{'type':'additional_tools','role':'developer','tools':["
                + "{'type':'function','name':'f','parameters':{'type':'object'}}]},"
                + "{'role':'user','content':'go'}]}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode sent = EnsembleClient.json(vendor.asked().body());
    assertThat(sent.at("/tools/0/name").asText()).isEqualTo("f");
    assertThat(sent.path("messages")).hasSize(1);
  }

  /** A conversation that another vendor's model has begun. */
  @Test
  void whatOnlyEnsembleCanReadDoesNotGoToTheVendor() {
    calls.vendor("gemini");
    calls
        .vendor(VendorWires.all().get(2))
        .answer(FakeAnswer.text("Hm.").withThinking("t", "c2ln").withCall("c1", "n", "{}"));
    JsonNode content =
        EnsembleClient.json(
                calls
                    .ask(
                        "messages",
                        "gemini",
                        "{'tools':[{'name':'n','input_schema':{'type':'object'}}]}")
                    .body())
            .path("content");
    FakeVendor vendor = calls.vendor(new AnthropicWire());
    vendor.script(new StrictAnthropic(body -> FakeAnswer.text("Yes.")));

    HttpResponse<String> next =
        calls.ask(
            "messages",
            "anthropic",
            "{'messages':[{'role':'user','content':'hi'},{'role':'assistant','content':"
                + content
                + "},{'role':'user','content':[{'type':'tool_result','tool_use_id':'"
                + content.path(content.size() - 1).path("id").asText()
                + "','content':'r'}]}]}");

    assertThat(next.statusCode()).as(next.body()).isEqualTo(200);
  }
}
