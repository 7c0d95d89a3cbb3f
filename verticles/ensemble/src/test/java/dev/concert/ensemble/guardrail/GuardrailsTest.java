package dev.concert.ensemble.guardrail;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.delta;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.ensemble.socket.Wire;
import dev.concert.foundation.config.ConfigException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Guardrails by pattern, on requests and answers of every API. */
class GuardrailsTest {
  private static final String CARD = "4111 1111 1111 1111";
  private static final String REDACTING =
      "{'name':'pii','kinds':['email','credit-card','iban'],'action':'redact'}";
  private static final String BLOCKING =
      "{'name':'projects','patterns':{'project':'PRJ-\\\\d{6}'}}";

  private static Upstream upstream;
  private static RunningEnsemble ensemble;

  @BeforeAll
  static void start() {
    upstream = new Upstream();
    upstream.serve("embeddings|completions|responses");
    ensemble = new RunningEnsemble(options(REDACTING, BLOCKING));
  }

  @AfterAll
  static void stop() {
    ensemble.close();
    upstream.close();
  }

  @AfterEach
  void forget() {
    upstream.bodies.clear();
  }

  private static EnsembleOptions options(String... guardrails) {
    JsonArray all = new JsonArray();
    for (String one : guardrails) {
      all.add(new JsonObject(one.replace('\'', '"')));
    }
    JsonObject provider =
        new JsonObject()
            .put("name", "vendor")
            .put("type", "openai-compatible")
            .put("baseUrl", upstream.url())
            .put("models", new JsonArray().add(new JsonObject().put("id", "real")));
    JsonObject openAi =
        new JsonObject()
            .put("name", "openai")
            .put("type", "openai")
            .put("baseUrl", upstream.url())
            .put("apiKeyEnv", "A_KEY")
            .put("models", new JsonArray().add(new JsonObject().put("id", "responder")));
    return EnsembleOptions.from(
        new JsonObject()
            .put(
                "ensemble",
                new JsonObject()
                    .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
                    .put("providers", new JsonArray().add(provider).add(openAi))
                    .put("guardrails", all)),
        Map.of("A_KEY", Upstream.KEY));
  }

  private static HttpResponse<String> post(String path, String body) {
    return ensemble.client().post(path, body.replace('\'', '"'));
  }

  private static String ask(String question) {
    return "{'model':'real','stream':true,'messages':[{'role':'user','content':'"
        + question
        + "'}]}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          /v1/chat/completions | {'model':'real','messages':[{'role':'user','content':[{'type':'text','text':'TEXT'}]}]}
          /v1/chat/completions | {'model':'real','messages':[{'role':'user','content':'hi'},{'role':'assistant','tool_calls':[{'id':'c','type':'function','function':{'name':'f','arguments':'{"a":"TEXT"}'}}]},{'role':'tool','tool_call_id':'c','content':'TEXT'}]}
          /v1/messages | {'model':'real','max_tokens':9,'system':'TEXT','messages':[{'role':'user','content':'hi'},{'role':'assistant','content':[{'type':'tool_use','id':'c','name':'f','input':{'to':['TEXT']}}]},{'role':'user','content':[{'type':'tool_result','tool_use_id':'c','content':'TEXT'}]}]}
          /v1/responses | {'model':'real','instructions':'TEXT','input':[{'role':'user','content':[{'type':'input_text','text':'TEXT'}]}]}
          /v1beta/models/real:generateContent | {'systemInstruction':{'parts':[{'text':'TEXT'}]},'contents':[{'role':'user','parts':[{'text':'TEXT'}]}]}
          /api/v1/generate | {'model':'real','messages':[{'role':'user','content':'TEXT'}]}
          /v1/embeddings | {'model':'real','input':['TEXT','hi']}
          """)
  void whatIsRedactedNeverReachesTheProvider(String path, String body) throws Exception {
    upstream.events(data(text("Fine."), finish("stop"), "[DONE]"));

    post(
        path,
        body.replace("\"a\":\"TEXT\"", "\\\"a\\\":\\\"TEXT\\\"")
            .replace("TEXT", "ada@example.com has " + CARD + ", not 4111 1111 1111 1112"));

    assertThat(upstream.bodies.take())
        .contains("[email] has [credit-card], not 4111 1111 1111 1112")
        .doesNotContain("ada@example.com", CARD);
  }

  @Test
  void aRequestThatMayNotPassIsRefusedByNameAndNothingIsAsked() {
    HttpResponse<String> refused = post("/v1/chat/completions", ask("What is PRJ-123456?"));

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("'projects'", "project").doesNotContain("123456");
    assertThat(post("/v1/messages", ask("Of PRJ-123456.")).statusCode()).isEqualTo(400);
    assertThat(upstream.bodies).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {"'n':2|n", "'modalities':['text','audio']|modalities"})
  void whatAGuardrailCannotCheckIsRefused(String more, String error) {
    HttpResponse<String> refused =
        post(
            "/v1/chat/completions",
            "{'model':'real'," + more + ",'messages':[{'role':'user','content':'hi'}]}");

    assertThat(refused.statusCode()).isEqualTo(403);
    assertThat(EnsembleClient.json(refused.body()).at("/error/message").asText())
        .startsWith(error + ": guardrails check answers here");
    assertThat(upstream.bodies).isEmpty();
  }

  @Test
  void theInputOfACustomToolIsChecked() {
    upstream.status(
        200,
        "application/json",
        """
        {"id":"r","object":"response","status":"completed","output":[{"id":"ctc_1","type":"custom_tool_call","status":"completed","call_id":"c","name":"mail","input":"To bob@example.com."}],"usage":{"input_tokens":1,"output_tokens":1}}
        """);

    HttpResponse<String> answer =
        post(
            "/v1/responses",
            "{'model':'responder','input':'hi','tools':[{'type':'custom','name':'mail'}]}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .contains("\"type\":\"custom_tool_call\"", "\"input\":\"To [email].\"")
        .doesNotContain("bob@");
  }

  @Test
  void aWebSocketPassesTheSameGuardrails() throws Exception {
    upstream.events(data(text("To bob@example.com."), finish("stop"), "[DONE]"));
    try (Wire wire = new Wire(ensemble.port(), Optional.of(RunningEnsemble.KEY))) {
      wire.say(
          "{'type':'request','request_id':'1','model':'real','messages':[{'role':'user','content':'PRJ-123456'}]}");
      assertThat(wire.next().toString()).contains("GUARDRAIL_BLOCKED");
      wire.say(
          "{'type':'request','request_id':'2','model':'real','messages':[{'role':'user','content':'ada@example.com'}]}");
      assertThat(wire.next().toString()).contains("To [email].");
    }
    assertThat(upstream.bodies.take()).contains("[email]").doesNotContain("ada@");
  }

  @Test
  void aStreamIsRedactedAlsoWhereAPieceEndsInTheMiddle() {
    String filler = "word ".repeat(200);
    upstream.events(
        data(text("Pay to 4111 11"), text("11 1111 1"), text("111 or bob@exa"), text("mple.com. ")),
        data(text(filler), text("Also DE89 3704 0044 0532"), text(" 0130 00!"), finish("stop")),
        data("[DONE]"));

    String answer = post("/v1/chat/completions", ask("hi")).body();

    assertThat(streamed(answer))
        .isEqualTo("Pay to [credit-card] or [email]. " + filler + "Also [iban]!");
    assertThat(answer.lines().filter(line -> line.contains("\"content\"")).count())
        .as("it still streams")
        .isGreaterThan(1);
  }

  private static String streamed(String events) {
    StringBuilder text = new StringBuilder();
    events
        .lines()
        .filter(line -> line.startsWith("data: {"))
        .map(line -> EnsembleClient.json(line.substring("data: ".length())))
        .forEach(event -> text.append(event.at("/choices/0/delta/content").asText("")));
    return text.toString();
  }

  @Test
  void theArgumentsOfAStreamedCallAreRedactedAsAWhole() {
    upstream.events(
        data(
            delta(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"c\",\"function\":{\"name\":\"mail\",\"arguments\":\"{\\\"to\\\":\\\"bob@ex\"}}]}"),
            delta(
                "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"ample.com\\\"}\"}}]}"),
            finish("tool_calls"),
            "[DONE]"));

    String answer = post("/v1/chat/completions", ask("hi")).body();

    assertThat(answer).contains("mail", "[email]").doesNotContain("bob@ex");
  }

  @Test
  void anAnswerThatMayNotPassEndsWithTheNamedError() {
    String before = "safe ".repeat(300);
    upstream.events(
        data(text(before), text("PRJ-12"), text("3456 is secret"), text(before), finish("stop")));

    String answer =
        post("/v1/messages", ask("hi").replace("'stream'", "'max_tokens':9,'stream'")).body();

    assertThat(answer).contains("safe safe", "event: error", "'projects'");
    assertThat(answer).doesNotContain("PRJ-", "123456", "message_stop");
  }

  @Test
  void whatGuardrailsCannotCheckIsRefused() {
    assertThat(post("/v1/completions", "{'model':'real','prompt':'hi'}").body())
        .contains("Use /v1/chat/completions");
    assertThat(
            ensemble
                .client()
                .send(
                    ensemble
                        .client()
                        .request(
                            "/v1/messages/batches",
                            "{\"requests\":[{\"custom_id\":\"1\",\"params\":"
                                + ask("hi").replace('\'', '"')
                                + "}]}")
                        .header("anthropic-version", "2023-06-01")
                        .build())
                .body())
        .contains("Guardrails");
    assertThat(upstream.bodies).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      textBlock =
          """
          {'name':'x'}                                          | kinds
          {'name':'x','kinds':['shoes']}                        | credit-card
          {'name':'x','kinds':['email'],'on':['never']}         | request, answer
          {'name':'x','kinds':['email'],'action':'drop'}        | block, redact
          {'name':'x','patterns':{'a':'('}}                     | regular expression
          {'name':'x','type':'service'}                         | url
          {'name':'x','type':'service','url':'http://a.example','apiKeyEnv':'NOT_SET'} | NOT_SET
          {'name':'x','kinds':['email'],'url':'http://a.example'} | url
          """)
  void aWrongGuardrailIsRefusedAtTheStart(String guardrail, String named) {
    assertThatThrownBy(() -> options(guardrail))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("guardrails[0]")
        .hasMessageContaining(named);
  }

  @Test
  void twoGuardrailsHaveTwoNames() {
    assertThatThrownBy(() -> options(REDACTING, REDACTING)).hasMessageContaining("name");
    assertThat(options(REDACTING, BLOCKING).guardrails())
        .extracting(GuardrailOptions::name)
        .isEqualTo(List.of("pii", "projects"));
  }
}
