package dev.concert.ensemble.compatible;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import java.math.BigDecimal;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Operations beside the conversation, at a provider of OpenAI's API. */
class PassThroughTest {
  @TempDir static Path folder;
  private static Upstream upstream;
  private static RunningEnsemble ensemble;

  @BeforeAll
  static void start() {
    upstream = new Upstream();
    ensemble =
        new RunningEnsemble(
            new EnsembleOptions(
                    "127.0.0.1",
                    0,
                    Optional.empty(),
                    List.of(RunningEnsemble.KEY),
                    List.of(upstream.options()),
                    Duration.ZERO)
                .withLedger(folder.resolve("ledger.db")));
  }

  @AfterAll
  static void stop() {
    ensemble.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.bodies.clear();
    upstream.authorizations.clear();
  }

  private static JsonNode post(String path, String body, int status) {
    HttpResponse<String> answer = ensemble.client().post(path, body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return EnsembleClient.json(answer.body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embeddings | {'input':['a','b'],'dimensions':2,'encoding_format':'base64'} |"
            + " {'object':'list','data':[{'embedding':'AAAA'}],'model':'gpt-real','usage':{'prompt_tokens':7,'total_tokens':7}}",
        "completions | {'prompt':'a','max_tokens':5,'echo':true} |"
            + " {'choices':[{'text':'b','finish_reason':'stop'}],'model':'gpt-real','usage':{'prompt_tokens':1,'completion_tokens':1}}",
        "moderations | {'input':'a'} |"
            + " {'id':'modr-1','model':'gpt-real','results':[{'flagged':false}]}",
        "rerank | {'query':'a','documents':['b','c'],'top_n':1} |"
            + " {'results':[{'index':0,'relevance_score':0.5}],'usage':{'total_tokens':9}}",
        "images/generations | {'prompt':'a cat','size':'1024x1024'} |"
            + " {'created':1,'data':[{'b64_json':'AAAA'}],'usage':{'input_tokens':3,'output_tokens':4}}"
      })
  void theBodyGoesThereAndTheAnswerComesBack(String path, String asked, String answered)
      throws Exception {
    upstream.serve(path);
    String theirs = answered.replace('\'', '"');
    upstream.script(response -> response.putHeader("content-type", "application/json").end(theirs));
    String body = "{\"model\":\"real\"," + asked.replace('\'', '"').substring(1);

    JsonNode answer = post("/v1/" + path, body, 200);

    JsonNode sent = EnsembleClient.json(upstream.bodies.take());
    assertThat(sent.path("model").asText()).isNotEqualTo("real").isNotEmpty();
    assertThat(sent.toString().replace(sent.path("model").asText(), "real"))
        .isEqualTo(EnsembleClient.json(body).toString());
    assertThat(upstream.authorizations.take()).isEqualTo("Bearer " + Upstream.KEY);
    assertThat(answer.toString())
        .isEqualTo(EnsembleClient.json(theirs.replace("gpt-real", "real")).toString());
  }

  @Test
  void itIsPricedAndInTheLedgerLikeAnyCall() {
    upstream.serve("embeddings");
    upstream.script(
        response ->
            response
                .putHeader("content-type", "application/json")
                .end("{\"data\":[],\"usage\":{\"prompt_tokens\":1000,\"total_tokens\":1000}}"));

    HttpResponse<String> answer =
        ensemble.client().post("/v1/embeddings", "{\"model\":\"real\",\"input\":\"x\"}");
    String rows = ensemble.client().get("/api/v1/usage/export?format=jsonl").body();

    String cost = answer.headers().firstValue("x-ensemble-cost").orElse("");
    assertThat(new BigDecimal(cost)).isPositive();
    assertThat(rows).contains("embeddings").contains(cost);
  }

  @Test
  void aStreamedCompletionComesInTheVendorsOwnEvents() {
    upstream.serve("completions");
    upstream.events(
        "data: {\"choices\":[{\"text\":\"a\",\"index\":0}],\"model\":\"gpt-real\"}\n\n",
        "data: {\"choices\":[{\"text\":\"b\",\"index\":0,\"finish_reason\":\"stop\"}]}\n\n",
        "data: [DONE]\n\n");

    String answer =
        ensemble
            .client()
            .post("/v1/completions", "{\"model\":\"real\",\"prompt\":\"x\",\"stream\":true}")
            .body();

    assertThat(answer)
        .isEqualTo(
            "data: {\"choices\":[{\"text\":\"a\",\"index\":0}],\"model\":\"real\"}\n\n"
                + "data:"
                + " {\"choices\":[{\"text\":\"b\",\"index\":0,\"finish_reason\":\"stop\"}]}\n\n"
                + "data: [DONE]\n\n");
  }

  @Test
  void streamedPicturesComeAsTheyAreMadeAndAreCounted() {
    String made =
        "{\"type\":\"image_generation.completed\",\"b64_json\":\"BBBB\","
            + "\"usage\":{\"input_tokens\":1000,\"output_tokens\":0}}";
    upstream.serve("images/generations");
    upstream.events(
        "data: {\"type\":\"image_generation.partial_image\",\"b64_json\":\"AAAA\"}\n\n",
        "data: " + made + "\n\n");

    HttpResponse<String> answer =
        ensemble
            .client()
            .post(
                "/v1/images/generations", "{\"model\":\"real\",\"prompt\":\"x\",\"stream\":true}");

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body())
        .startsWith("data: {\"type\":\"image_generation.partial_image\"")
        .contains("data: " + made);
  }

  @Test
  void anAnswerInOnePieceIsAnEventOfTheStreamThatWasAskedFor() {
    String whole = "{\"choices\":[{\"text\":\"a\",\"index\":0,\"finish_reason\":\"stop\"}]}";
    upstream.serve("completions");
    upstream.script(response -> response.putHeader("content-type", "application/json").end(whole));

    String answer =
        ensemble
            .client()
            .post("/v1/completions", "{\"model\":\"real\",\"prompt\":\"x\",\"stream\":true}")
            .body();

    assertThat(answer).isEqualTo("data: " + whole + "\n\ndata: [DONE]\n\n");
  }

  @Test
  void aStreamThatIsCutIsAnError() {
    upstream.serve("completions");
    upstream.events("data: {\"choices\":[{\"text\":\"a\",\"index\":0}]}\n\n");

    String answer =
        ensemble
            .client()
            .post("/v1/completions", "{\"model\":\"real\",\"prompt\":\"x\",\"stream\":true}")
            .body();

    assertThat(answer).contains("\"error\"").doesNotContain("[DONE]");
  }

  @Test
  void theVendorsErrorIsToldInOpenAisForm() {
    upstream.serve("embeddings");
    upstream.status(
        400, "application/json", "{\"error\":{\"message\":\"not an embedding model\"}}");

    JsonNode refused = post("/v1/embeddings", "{\"model\":\"real\",\"input\":\"x\"}", 400);

    assertThat(refused.path("error").path("message").asText()).contains("not an embedding model");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "embeddings | {'model':'demo','input':'x'} | 400 | model: the model 'demo' does not serve"
            + " /v1/embeddings",
        "embeddings | {'model':'real'} | 400 | input: is required",
        "embeddings | {'input':'x'} | 400 | model: must be",
        "embeddings | {'model':'nope','input':'x'} | 404 | nope",
        "completions | {'model':'real','prompt':'x','max_tokens':0} | 400 | max_tokens: must be",
        "embeddings | {'model':'real','input':'x','models':['gpt-dear']} | 400 | models: this field"
            + " is not allowed"
      })
  void whatCannotBeServedIsRefusedByName(String path, String body, int status, String words) {
    JsonNode refused = post("/v1/" + path, body.replace('\'', '"'), status);

    assertThat(refused.path("error").path("message").asText()).contains(words);
    assertThat(upstream.bodies).isEmpty();
  }
}
