package dev.concert.ensemble.clients;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.testing.vendor.FakeVendor;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Clients that want more than one answer, or a spoken one: their own vendor gives it. */
class SeveralAnswersTest {
  private static final String USAGE =
      "'usage':{'prompt_tokens':3,'completion_tokens':40,'total_tokens':43}";

  private static SameVendorCalls calls;

  @BeforeAll
  static void start() {
    calls = new SameVendorCalls();
  }

  @AfterAll
  static void stop() {
    calls.close();
  }

  private static void whole(FakeVendor vendor, String body) {
    vendor.script(
        (asked, to) ->
            to.putHeader("content-type", "application/json").end(body.replace('\'', '"')));
  }

  @Test
  void allChoicesOfAStreamReachTheClient() {
    FakeVendor vendor = calls.vendor("openai-compatible");
    vendor.stream(
        SameVendorCalls.events(
            "{'choices':[{'index':1,'delta':{'role':'assistant','content':''}}]}",
            "{'choices':[{'index':0,'delta':{'role':'assistant','content':'He'}}]}",
            "{'choices':[{'index':1,'delta':{'content':'Good'}}]}",
            "{'choices':[{'index':0,'delta':{'content':'llo'}},{'index':1,'delta':{'content':'"
                + " day'}}]}",
            "{'choices':[{'index':1,'delta':{'tool_calls':[{'index':0,'id':'c','type':'function',"
                + "'function':{'name':'f','arguments':'{}'}}]},'finish_reason':'tool_calls'}]}",
            "{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}",
            "{'choices':[]," + USAGE + "}",
            "[DONE]"));

    HttpResponse<String> answer =
        calls.ask(
            "chat",
            "openai-compatible",
            "{'n':2,'stream':true,'stream_options':{'include_usage':true}}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode choices = JoinedChunks.of(answer.body());
    assertThat(choices).hasSize(2);
    assertThat(choices.at("/0/message/content").asText()).isEqualTo("Hello");
    assertThat(choices.at("/0/finish_reason").asText()).isEqualTo("stop");
    assertThat(choices.at("/1/message/content").asText()).isEqualTo("Good day");
    assertThat(choices.at("/1/message/tool_calls/0/function/name").asText()).isEqualTo("f");
    assertThat(choices.at("/1/finish_reason").asText()).isEqualTo("tool_calls");
    assertThat(answer.body()).contains("\"completion_tokens\":40").endsWith("data: [DONE]\n\n");
    assertThat(EnsembleClient.json(vendor.asked().body()).path("n").asInt()).isEqualTo(2);
  }

  @Test
  void aStreamThatEndsInTheMiddleOfAChoiceIsCutOff() {
    FakeVendor vendor = calls.vendor("openai-compatible");
    vendor.stream(
        SameVendorCalls.events(
            "{'choices':[{'index':0,'delta':{'content':'Hello'},'finish_reason':'stop'}]}",
            "{'choices':[{'index':1,'delta':{'content':'Good'}}]}",
            "[DONE]"));

    String answer = calls.ask("chat", "openai-compatible", "{'n':2,'stream':true}").body();

    assertThat(answer).contains("in the middle of a choice").doesNotContain("[DONE]");
  }

  @ParameterizedTest
  @CsvSource({"openai-compatible,false", "openai-compatible-whole,true"})
  void choicesThatTheServerSendsWholeReachTheClient(String model, boolean stream) {
    FakeVendor vendor = calls.vendor(model);
    whole(
        vendor,
        "{'choices':[{'index':0,'message':{'role':'assistant','content':'Hello'},'finish_reason':"
            + "'stop'},{'index':1,'message':{'role':'assistant','content':null,'tool_calls':[{'id':"
            + "'c','type':'function','function':{'name':'f','arguments':'{}'}}]},"
            + "'finish_reason':'tool_calls'}],"
            + USAGE
            + "}");

    HttpResponse<String> answer = calls.ask("chat", model, "{'n':2,'stream':" + stream + "}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode choices =
        stream
            ? JoinedChunks.of(answer.body())
            : EnsembleClient.json(answer.body()).path("choices");
    assertThat(choices).hasSize(2);
    assertThat(choices.at("/0/message/content").asText()).isEqualTo("Hello");
    assertThat(choices.at("/1/message/tool_calls/0/function/name").asText()).isEqualTo("f");
    assertThat(choices.at("/1/finish_reason").asText()).isEqualTo("tool_calls");
    // Only the client could join the pieces of a stream.
    assertThat(EnsembleClient.json(vendor.asked().body()).path("stream").asBoolean()).isFalse();
  }

  @Test
  void aSpokenAnswerReachesTheClient() {
    FakeVendor vendor = calls.vendor("openai-compatible");
    whole(
        vendor,
        "{'choices':[{'index':0,'message':{'role':'assistant','content':null,'audio':{'id':'a1',"
            + "'data':'UklGRg==','transcript':'Hello'}},'finish_reason':'stop'}],"
            + USAGE
            + "}");

    HttpResponse<String> answer =
        calls.ask(
            "chat",
            "openai-compatible",
            "{'modalities':['text','audio'],'audio':{'voice':'alloy','format':'mp3'}}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode sound = EnsembleClient.json(answer.body()).at("/choices/0/message/audio");
    assertThat(sound.path("data").asText()).isEqualTo("UklGRg==");
    assertThat(sound.path("transcript").asText()).isEqualTo("Hello");
    JsonNode sent = EnsembleClient.json(vendor.asked().body());
    assertThat(sent.at("/audio/format").asText()).isEqualTo("mp3");
    assertThat(sent.path("stream").asBoolean()).isFalse();
  }

  @Test
  void aSpokenAnswerReachesTheClientWhileItStreams() {
    FakeVendor vendor = calls.vendor("openai-compatible");
    vendor.stream(
        SameVendorCalls.events(
            "{'choices':[{'index':0,'delta':{'role':'assistant','audio':{'id':'a1'}}}]}",
            "{'choices':[{'index':0,'delta':{'audio':{'transcript':'Hel'}}}]}",
            "{'choices':[{'index':0,'delta':{'audio':{'transcript':'lo','data':'UklG'}}}]}",
            "{'choices':[{'index':0,'delta':{'audio':{'data':'Rg=='}}}]}",
            "{'choices':[{'index':0,'delta':{},'finish_reason':'stop'}]}",
            "[DONE]"));

    String answer =
        calls
            .ask(
                "chat",
                "openai-compatible",
                "{'modalities':['text','audio'],'audio':{'voice':'alloy','format':'pcm16'},'stream':true}")
            .body();

    JsonNode sound = JoinedChunks.of(answer).at("/0/message/audio");
    assertThat(sound.path("transcript").asText()).isEqualTo("Hello");
    assertThat(sound.path("data").asText()).isEqualTo("UklGRg==");
  }

  @ParameterizedTest
  @CsvSource({"generateContent", "streamGenerateContent?alt=sse"})
  void allCandidatesOfGooglesApiReachTheClient(String operation) {
    FakeVendor vendor = calls.vendor("gemini");
    vendor.stream(
        SameVendorCalls.events(
            "{'candidates':[{'index':1,'content':{'role':'model','parts':[{'text':'Good'}]}}]}",
            "{'candidates':[{'content':{'role':'model','parts':[{'text':'Hello'}]}}]}",
            "{'candidates':[{'index':1,'content':{'role':'model','parts':[{'text':' day'}]},"
                + "'finishReason':'STOP','avgLogprobs':-0.5},{'index':0,'finishReason':'STOP'}],"
                + "'usageMetadata':{'promptTokenCount':3,'candidatesTokenCount':40}}"));

    HttpResponse<String> answer =
        calls
            .ensemble()
            .client()
            .post(
                "/v1beta/models/gemini:" + operation,
                "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}],"
                    + "\"generationConfig\":{\"candidateCount\":2}}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    if (operation.startsWith("stream")) {
      assertThat(answer.body())
          .contains(
              "{\"index\":1,\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"Good\"}]}}")
          .contains("\"text\":\" day\"", "\"avgLogprobs\":-0.5", "\"text\":\"Hello\"");
    } else {
      JsonNode all = EnsembleClient.json(answer.body()).path("candidates");
      assertThat(all).hasSize(2);
      assertThat(all.at("/0/content/parts/0/text").asText()).isEqualTo("Hello");
      assertThat(all.at("/1/content/parts/0/text").asText()).isEqualTo("Good");
      assertThat(all.at("/1/content/parts/1/text").asText()).isEqualTo(" day");
      assertThat(all.at("/1/finishReason").asText()).isEqualTo("STOP");
    }
    assertThat(
            EnsembleClient.json(vendor.asked().body())
                .at("/generationConfig/candidateCount")
                .asInt())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "chat | anthropic | {'n':2} | n: ",
        "chat | anthropic | {'modalities':['text','audio'],'audio':{'voice':'a'}} | modalities: ",
        "chat | anthropic | {'messages':[{'role':'user','content':'x'},{'role':'assistant',"
            + "'content':null,'audio':{'id':'a1'}},{'role':'user','content':'y'}]} |"
            + " messages[1].audio: ",
        "gemini | anthropic | {'generationConfig':{'candidateCount':2}} |"
            + " generationConfig.candidateCount: ",
        "chat | openai-compatible | {'n':129} | n: must be a whole number from 1 to 128.",
        "chat | openai-compatible | {'n':'two'} | n: must be a whole number from 1 to 128.",
        "gemini | gemini | {'generationConfig':{'candidateCount':9}} |"
            + " generationConfig.candidateCount: must be a whole number from 1 to 8."
      })
  void elsewhereAndBeyondTheLimitTheyAreRefused(
      String api, String model, String more, String error) {
    FakeVendor vendor = calls.vendor(model);

    HttpResponse<String> answer = calls.ask(api, model, more);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
    assertThat(EnsembleClient.json(answer.body()).at("/error/message").asText()).startsWith(error);
    assertThat(vendor.askedTimes()).isZero();
  }
}
