package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.vendor.FakeVendor;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rarer fields of each API, in parts inside parts: at its own vendor they arrive, elsewhere
 * they are named or refused, and what is the operator's needs permission wherever it stands.
 */
class NothingLostTest {
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
        "messages | anthropic | {'top_k':0}",
        "messages | anthropic | {'stop_sequences':['a','b','c','d','e','f','g','h','i','j','k','l',"
            + "'m','n','o','p','q','r','s','t']}",
        "messages | anthropic |"
            + " {'messages':[{'role':'user','content':'x'},{'role':'assistant','content':[{'type':'tool_use','id':'t','name':'n','input':{'file_id':'of"
            + " my own'}}]}]}",
        "chat | openai-compatible | {'tools':[{'type':'function','function':{'name':'f'}}],"
            + "'tool_choice':{'type':'allowed_tools','allowed_tools':{'mode':'auto','tools':[]}}}",
        "chat | openai-compatible | {'messages':[{'role':'user','content':[{'type':'image_url',"
            + "'image_url':'https://example.org/a.png'}]}]}",
        "chat | openai-compatible | {'response_format':{'type':'regex','pattern':'a+'}}",
        "chat | openai-compatible | {'reasoning_effort':'not_known_yet'}",
        "chat | openai-compatible | {'tools':[{'type':'function','function':{'name':'f'}}],"
            + "'tool_choice':'not_known_yet'}",
        "messages | anthropic | {'tools':[{'name':'f','input_schema':{'type':'object'}}],"
            + "'tool_choice':{'type':'not_known_yet'}}",
        "gemini | gemini | {'tools':[{'functionDeclarations':[{'name':'f'}]}],"
            + "'toolConfig':{'functionCallingConfig':{'mode':'NOT_KNOWN_YET'}}}",
        "responses | openai | {'text':{'format':{'type':'not_known_yet'}}}",
        "responses | openai | {'tools':[{'type':'function','name':'f'}],"
            + "'tool_choice':'not_known_yet'}",
        "responses | openai | {'top_logprobs':2,'include':['message.output_text.logprobs',"
            + "'reasoning.encrypted_content']}",
        "gemini | gemini |"
            + " {'generationConfig':{'thinkingConfig':{'thinkingLevel':'NOT_KNOWN_YET'}}}",
        "gemini | gemini | {'contents':[{'role':'user','parts':[{'notKnownYet':{'a':1}}]}]}",
        "gemini | gemini |"
            + " {'contents':[{'role':'user','parts':[{'fileData':{'mimeType':'video/mp4',"
            + "'fileUri':'https://www.youtube.com/watch?v=1'},'videoMetadata':{'fps':1}}]}]}"
      })
  void arrivesAtItsOwnVendor(String api, String model, String more) {
    FakeVendor vendor = calls.vendor(model);

    HttpResponse<String> answer = calls.ask(api, model, more);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-ensemble-dropped")).isEmpty();
    JsonNode sent = EnsembleClient.json(vendor.asked().body());
    EnsembleClient.json(more.replace('\'', '"'))
        .properties()
        .forEach(field -> assertThat(sent.path(field.getKey())).isEqualTo(field.getValue()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // The vendor keeps nothing, and this API has no path to read it again here.
        "chat | openai-compatible | {'store':true} | store",
        "chat | anthropic | {'store':true} | store",
        "chat | anthropic | {'tools':[{'type':'function','function':{'name':'f','x':1},'y':2}]} |"
            + " tools[0].y, tools[0].function.x",
        "chat | anthropic | {'messages':[{'role':'user','content':'x','name':'bob'},"
            + "{'role':'assistant','content':'y','audio':{'id':'a'},'annotations':[]}]} |"
            + " messages[0].name, messages[1].audio",
        "messages | openai | {'messages':[{'role':'user','content':'x','name':'bob'},"
            + "{'role':'user','content':[{'type':'image','transform':'t',"
            + "'source':{'type':'url','url':'https://example.org/a.png'}}]}]} |"
            + " messages[0].name, messages[1].content[0].transform",
        "messages | openai |"
            + " {'messages':[{'role':'user','content':'x'},{'role':'assistant','content':["
            + "{'type':'tool_use','id':'t','name':'n','input':{},'caller':{'type':'direct'}}]},"
            + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','is_error':true,'content':'no'}]}]}"
            + " | messages[1].content[0].caller, messages[2].content[0].is_error",
        "messages | openai-compatible |"
            + " {'messages':[{'role':'user','content':'x'},{'role':'assistant',"
            + "'content':[{'type':'tool_use','id':'t','name':'n','input':{}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'t','is_error':true,'content':'no'}]}]}"
            + " | messages[2].content[0].is_error",
        "messages | gemini | {'thinking':{'type':'not_known_yet'}} | thinking",
        "messages | openai | {'top_k':5} | top_k",
        "chat | anthropic | {'prompt_cache_key':'k'} | prompt_cache_key",
        "chat | anthropic | {'reasoning_effort':'not_known_yet'} | reasoning_effort",
        "chat | anthropic | {'reasoning_effort':'high','temperature':0.3,'top_p':0.5} |"
            + " temperature, top_p",
        "chat | anthropic | {'temperature':0.3,'top_p':0.5} | top_p",
        "gemini | anthropic | {'generationConfig':{'temperature':0.3,'topK':5,"
            + "'thinkingConfig':{'thinkingLevel':'HIGH'}}} |"
            + " generationConfig.temperature, generationConfig.topK",
        "chat | anthropic | {'reasoning_effort':'high','tool_choice':'required',"
            + "'tools':[{'type':'function','function':{'name':'f'}}]} | reasoning_effort",
        "responses | gemini | {'prompt_cache_key':'k','parallel_tool_calls':false,"
            + "'tools':[{'type':'function','name':'f'}]} | prompt_cache_key, parallel_tool_calls",
        "messages | gemini | {'tools':[{'name':'f','input_schema':{'type':'object'}}],"
            + "'tool_choice':{'type':'auto','disable_parallel_tool_use':true}} |"
            + " tool_choice.disable_parallel_tool_use",
        "responses | anthropic | {'include':['message.output_text.logprobs']} | include[0]",
        "responses | anthropic | {'input':[{'role':'user','content':'x','phase':'commentary'}]} |"
            + " input[0].phase",
        "responses | anthropic |"
            + " {'tools':[{'type':'namespace','name':'n','description':'d','tools':[{'type':'custom','name':'c','defer_loading':true}]}]}"
            + " | tools[0].description, tools[0].tools[0].defer_loading",
        "gemini | openai |"
            + " {'tools':[{'functionDeclarations':[{'name':'f','behavior':'NON_BLOCKING'}]}],'toolConfig':{'retrievalConfig':{}}}"
            + " | tools[0].functionDeclarations[0].behavior, toolConfig.retrievalConfig",
        "gemini | anthropic | {'generationConfig':{'thinkingConfig':{'thinkingLevel':'X','odd':1}}}"
            + " | generationConfig.thinkingConfig.odd,"
            + " generationConfig.thinkingConfig.thinkingLevel",
        "gemini | anthropic |"
            + " {'contents':[{'role':'user','parts':[{'text':'x','mediaResolution':{}}]},"
            + "{'role':'user','parts':[{'functionResponse':{'name':'f','response':{},'scheduling':'SILENT'}}]}]}"
            + " | contents[0].parts[0].mediaResolution,"
            + " contents[1].parts[0].functionResponse.scheduling"
      })
  void isNamedWhereItCannotArrive(String api, String model, String more, String dropped) {
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
        "chat | anthropic | {'tool_choice':{'type':'allowed_tools'}} | tool_choice",
        "chat | anthropic | {'tool_choice':'not_known_yet'} | tool_choice",
        "chat | anthropic | {'response_format':{'type':'regex'}} | response_format.type",
        "messages | openai | {'tool_choice':{'type':'not_known_yet'}} | tool_choice.type",
        "responses | anthropic | {'tool_choice':'not_known_yet'} | tool_choice",
        "responses | anthropic | {'text':{'format':{'type':'not_known_yet'}}} | text.format.type",
        "gemini | anthropic | {'toolConfig':{'functionCallingConfig':{'mode':'NOT_KNOWN_YET'}}} |"
            + " toolConfig.functionCallingConfig.mode",
        "responses | anthropic | {'tools':[{'type':'local_shell'}]} | tools[0]",
        "responses | anthropic | {'top_logprobs':2} | top_logprobs",
        "responses | anthropic | {'prompt':{'id':'p'}} | prompt",
        "gemini | anthropic | {'generationConfig':{'responseSchema':{'type':'OBJECT'}}} |"
            + " generationConfig.responseSchema",
        "gemini | anthropic | {'contents':[{'role':'user','parts':[{'notKnownYet':{}}]}]} |"
            + " contents[0].parts[0]",
        "gemini | anthropic |"
            + " {'contents':[{'role':'user','parts':[{'inlineData':{'mimeType':'video/mp4','data':'AAAA'}}]}]}"
            + " | contents[0].parts[0]",
        "messages | openai |"
            + " {'messages':[{'role':'user','content':'x'},{'role':'assistant','content':["
            + "{'type':'tool_use','id':'t','name':'n','input':{}}]},{'role':'user','content':["
            + "{'type':'tool_result','tool_use_id':'t','content':[{'type':'text','text':'a'},{'type':'tool_reference','tool_name':'n'}]}]}]}"
            + " | messages[2].content[0].content[1]",
        // A file of the operator's account, in whatever part of the conversation.
        "responses | openai |"
            + " {'input':[{'role':'user','content':'x'},{'type':'function_call_output','call_id':'c','output':[{'type':'input_file','file_id':'f'}]}]}"
            + " | input[1].output[0].file_id",
        "responses | openai | {'input':[{'type':'computer_call_output','call_id':'c',"
            + "'output':{'type':'computer_screenshot','file_id':'f'}}]} | input[0].output.file_id",
        "responses | openai |"
            + " {'input':[{'role':'user','content':'x'},{'type':'image_generation_call','id':'ig_1'}]}"
            + " | input[1]",
        "messages | anthropic |"
            + " {'system':[{'type':'document','source':{'type':'file','file_id':'f'}}]} |"
            + " system[0].source.file_id",
        "messages | anthropic |"
            + " {'messages':[{'role':'user','content':[{'type':'document','source':{'type':'content','content':[{'type':'image','source':{'type':'file','file_id':'f'}}]}}]}]}"
            + " | messages[0].content[0].source.content[0].source.file_id",
        "chat | openai-compatible | {'messages':[{'role':'user','content':[{'type':'file','file':{"
            + "'file_id':'f'}}]}]} | messages[0].content[0].file.file_id",
        "gemini | gemini | {'contents':[{'role':'user','parts':[{'functionResponse':{'name':'f',"
            + "'response':{},'parts':[{'fileData':{'fileUri':"
            + "'https://generativelanguage.googleapis.com/v1beta/files/x'}}]}}]}]} |"
            + " contents[0].parts[0].functionResponse.parts[0].fileData.fileUri",
        "gemini | gemini | {'contents':[{'role':'user','parts':[{'fileData':{'fileUri':"
            + "'gs://bucket/x'}}]}]} | contents[0].parts[0].fileData.fileUri",
        // Another model, template or server behind a word that only tiers may have.
        "messages | anthropic | {'fallbacks':'default'} | fallbacks",
        "messages | anthropic | {'container':'auto'} | container",
        "gemini | gemini | {'modelArmorConfig':{'promptTemplateName':'p'}} | modelArmorConfig",
        "chat | openai-compatible | {'extra_body':{'google':{'cached_content':'c'}}} |"
            + " extra_body.google.cached_content",
        "gemini | gemini | {'tools':[{'name':'x','googleSearch':{}}]} | tools[0].",
        "gemini | gemini | {'tools':[{'functionDeclarations':[{'name':'f'}],'google_search':{}}]} |"
            + " tools[0].google_search"
      })
  void isRefusedByItsPlace(String api, String model, String more, String field) {
    FakeVendor vendor = calls.vendor(model);

    HttpResponse<String> answer = calls.ask(api, model, more);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(EnsembleClient.json(answer.body()).path("error").path("message").asText())
        .startsWith(field.endsWith(".") ? field : field + ": ");
    assertThat(vendor.askedTimes()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // A refusal is what the assistant said.
        "chat | anthropic | {'messages':[{'role':'user','content':'x'},{'role':'assistant',"
            + "'content':null,'refusal':'I will not'},{'role':'user','content':'y'}]} | I will not",
        // The vendor takes a text document as text, and only PDFs as bytes.
        "chat | anthropic |"
            + " {'messages':[{'role':'user','content':[{'type':'file','file':{'file_data':'data:text/markdown;base64,aGVsbG8gd29ybGQ='}}]}]}"
            + " | 'type':'text','media_type':'text/plain','data':'hello world'",
        // Mistral's word for it.
        "chat | anthropic | {'tools':[{'type':'function','function':{'name':'f'}}],"
            + "'tool_choice':'any'} | 'tool_choice':{'type':'any'",
        // The older name of the same.
        "messages | openai | {'output_format':{'type':'json_schema','schema':{'type':'object'}}} |"
            + " 'format':{'type':'json_schema'"
      })
  void isCarriedInTheWordsOfAnotherVendor(String api, String model, String more, String carried) {
    FakeVendor vendor = calls.vendor(model);

    HttpResponse<String> answer = calls.ask(api, model, more);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("x-ensemble-dropped")).isEmpty();
    assertThat(vendor.asked().body()).contains(carried.replace('\'', '"'));
  }
}
