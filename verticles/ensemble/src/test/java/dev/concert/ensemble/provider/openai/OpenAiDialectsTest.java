package dev.concert.ensemble.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A client of Chat Completions at OpenAI itself, which answers in the API that has all of it. */
class OpenAiDialectsTest {
  private static final String RESPONSE =
      "{\"id\":\"r\",\"object\":\"response\",\"status\":\"completed\",\"output\":[{\"id\":\"m\","
          + "\"type\":\"message\",\"role\":\"assistant\",\"status\":\"completed\",\"content\":["
          + "{\"type\":\"output_text\",\"text\":\"Hi\",\"annotations\":[]}]}],"
          + "\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";

  private static final String COMPLETION =
      "{\"id\":\"c\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":"
          + "{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1}}";

  private static Upstream upstream;
  private static RunningEnsemble ensemble;

  private static JsonObject model(String id, boolean thinks) {
    return new JsonObject().put("id", id).put("thinking", thinks).put("images", true);
  }

  @BeforeAll
  static void start() {
    upstream = new Upstream();
    upstream.serve("responses");
    JsonObject provider =
        new JsonObject()
            .put("name", "openai")
            .put("type", "openai")
            .put("baseUrl", upstream.url())
            .put("apiKeyEnv", "A_KEY")
            .put(
                "models",
                new JsonArray()
                    .add(model("thinker", true))
                    .add(model("plain", false))
                    .add(model("gpt-9-codex", false)));
    JsonObject config =
        new JsonObject()
            .put(
                "ensemble",
                new JsonObject()
                    .put("retrySeconds", 0)
                    .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
                    .put("providers", new JsonArray().add(provider)));
    ensemble = new RunningEnsemble(EnsembleOptions.from(config, Map.of("A_KEY", Upstream.KEY)));
  }

  @AfterAll
  static void stop() {
    ensemble.close();
    upstream.close();
  }

  @BeforeEach
  void forget() {
    upstream.bodies.clear();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // All of it is in both APIs: Responses keeps the reasoning.
        "thinker | {'temperature':0.5} | input |",
        "thinker | {'user':'u','metadata':{'a':'b'},'safety_identifier':'s'} | input |",
        // Only Chat Completions has it.
        "thinker | {'seed':7,'logit_bias':{'1':2}} | messages |",
        "plain | {'logprobs':true,'top_logprobs':2} | messages |",
        "plain | {'not_known_yet':{'a':1.50}} | messages |",
        "plain | {'seed':7,'tools':[{'type':'function','function':{'name':'f'}}]} | messages |",
        "plain | {'messages':[{'role':'user','content':'x','name':'bob'}]} | messages |",
        // It has to be Responses all the same.
        "thinker | {'seed':7,'tools':[{'type':'function','function':{'name':'f'}}]} | input | seed",
        "gpt-9-codex | {'seed':7} | input | seed",
        "thinker | {'store':true} | input | store",
        // A model that cannot think.
        "plain | {'reasoning_effort':'high'} | input | reasoning_effort",
        "plain | {'reasoning_effort':'none'} | input |"
      })
  void isAnsweredInTheApiThatHasAllOfIt(String model, String more, String list, String dropped)
      throws Exception {
    String whole = list.equals("input") ? RESPONSE : COMPLETION;
    upstream.script(response -> response.putHeader("content-type", "application/json").end(whole));
    ObjectNode asked = (ObjectNode) EnsembleClient.json(more.replace('\'', '"'));
    ObjectNode body =
        (ObjectNode) EnsembleClient.json("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
    body.put("model", model).setAll(asked);

    HttpResponse<String> answer = ensemble.client().post("/v1/chat/completions", body.toString());

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(EnsembleClient.json(answer.body()).at("/choices/0/message/content").asText())
        .isEqualTo("Hi");
    assertThat(answer.headers().firstValue("x-ensemble-dropped"))
        .isEqualTo(Optional.ofNullable(dropped));
    JsonNode sent = EnsembleClient.json(upstream.bodies.take());
    assertThat(sent.has(list)).as(sent.toString()).isTrue();
    if (dropped == null && !asked.has("tools") && !asked.has("reasoning_effort")) {
      asked
          .properties()
          .forEach(one -> assertThat(sent.get(one.getKey())).isEqualTo(one.getValue()));
    }
  }
}
