package dev.concert.ensemble.provider.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.Sse;
import dev.concert.testing.vendor.ChatWire;
import dev.concert.testing.vendor.FakeAnswer;
import dev.concert.testing.vendor.FakeVendor;
import dev.concert.testing.vendor.FakeVendor.Asked;
import dev.concert.testing.vendor.ResponsesWire;
import io.vertx.core.http.HttpServerResponse;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Azure OpenAI with its two surfaces, its key and its sign-in. */
class AzureTest {
  private static final String KEY = "azure-secret-key";
  private static final String CHAT =
      "{\"model\":\"model-0\",\"stream\":true,\"new_field\":{\"a\":1},"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String RESPONSES =
      "{\"model\":\"model-0\",\"stream\":true,\"new_field\":{\"a\":1},"
          + "\"input\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
  private static final String MESSAGES =
      "{\"model\":\"model-0\",\"stream\":true,\"max_tokens\":50,"
          + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

  private static final Map<String, String> SETTINGS =
      Map.of("apiVersion", ",'apiVersion':'2024-10-21'", "api", ",'api':'chat'");

  private PlayedCloud cloud;

  @BeforeEach
  void start() {
    cloud = new PlayedCloud();
    cloud.script((asked, to) -> answer(asked, to, "api-key", KEY));
  }

  @AfterEach
  void stop() {
    cloud.close();
  }

  private void answer(Asked asked, HttpServerResponse to, String header, String value) {
    if (!value.equals(asked.headers().get(header))) {
      to.setStatusCode(401)
          .putHeader("content-type", "application/json")
          .end(
              "{\"error\":{\"code\":\"401\",\"message\":\"Access denied due to invalid"
                  + " subscription key or wrong API endpoint.\"}}");
      return;
    }
    FakeVendor.begin(to);
    FakeAnswer answer = FakeAnswer.text("Yes.");
    if (asked.path().endsWith("/responses")) {
      new ResponsesWire().events(answer).forEach(to::write);
    } else {
      // The filter's results of the prompt, in a chunk without choices.
      to.write(
          "data: {\"choices\":[],\"created\":0,\"id\":\"\",\"model\":\"\",\"object\":\"\","
              + "\"prompt_filter_results\":[{\"prompt_index\":0,\"content_filter_results\":"
              + "{\"hate\":{\"filtered\":false,\"severity\":\"safe\"}}}]}\n\n");
      new ChatWire("azure").events(answer).forEach(to::write);
    }
    to.end();
  }

  private RunningEnsemble ensemble(String more) {
    return cloud.ensemble(
        "{'type':'azure'" + more + "}",
        Map.of("AZURE_OPENAI_API_KEY", KEY, "AZURE_CLIENT_SECRET", "app-secret"),
        List.of("my deployment"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions || /openai/v1/chat/completions |",
        "/v1/responses || /openai/v1/responses |",
        "/v1/messages || /openai/v1/responses |",
        "/v1/chat/completions | 'apiVersion' |"
            + " /openai/deployments/my%20deployment/chat/completions | api-version=2024-10-21",
        "/v1/responses | 'apiVersion' | /openai/responses | api-version=2024-10-21",
        "/v1/messages | 'apiVersion' |"
            + " /openai/deployments/my%20deployment/chat/completions | api-version=2024-10-21",
        "/v1/messages | 'api' | /openai/v1/chat/completions |"
      })
  void eachClientIsAnsweredAtItsPlace(String path, String key, String place, String query) {
    RunningEnsemble ensemble = ensemble(key == null ? "" : SETTINGS.get(key));
    String body =
        path.endsWith("completions") ? CHAT : path.endsWith("responses") ? RESPONSES : MESSAGES;

    HttpResponse<String> answer = ensemble.client().post(path, body);

    assertThat(answer.body()).contains("Yes.");
    Asked asked = cloud.asked();
    assertThat(asked.path()).isEqualTo(place);
    assertThat(asked.query()).isEqualTo(query);
    JsonNode sent = EnsembleClient.json(asked.body());
    assertThat(sent.path("model").asText()).isEqualTo("my deployment");
    assertThat(sent.path("new_field").path("a").asInt())
        .isEqualTo(path.endsWith("messages") ? 0 : 1);
  }

  @Test
  void theResultsOfTheFilterReachAClientOfTheSameApi() {
    assertThat(ensemble("").client().post("/v1/chat/completions", CHAT).body())
        .contains("Yes.", "[DONE]");
  }

  @Test
  void aFilteredPromptIsARefusalByPolicy() {
    cloud.answer(
        400,
        """
        {'error':{'message':'The response was filtered due to the prompt.','type':null,
          'param':'prompt','code':'content_filter','status':400,
          'innererror':{'code':'ResponsibleAIPolicyViolation'}}}\
        """);

    Sse refused = ensemble("").client().stream(Requests.ofModel("model-0"));

    assertThat(refused.errorCode()).isEqualToIgnoringCase("PROVIDER_BLOCKED");
  }

  @ParameterizedTest
  @CsvSource({
    "404, DeploymentNotFound, MODEL_UNKNOWN",
    "429, 429, PROVIDER_RATE_LIMITED",
    "401, 401, PROVIDER_AUTH",
    "503, ServiceUnavailable, PROVIDER_OVERLOADED"
  })
  void eachErrorIsUnderstood(int status, String code, String meaning) {
    cloud.answer(status, "{'error':{'code':'" + code + "','message':'So it is.'}}");

    assertThat(ensemble("").client().stream(Requests.ofModel("model-0")).errorCode())
        .isEqualToIgnoringCase(meaning);
  }

  @Test
  void dataSourcesNeedTheOperatorsPermission() {
    String body =
        CHAT.replace("\"new_field\"", "\"data_sources\":[{\"type\":\"x\"}],\"new_field\"");

    HttpResponse<String> refused = ensemble("").client().post("/v1/chat/completions", body);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("data_sources");
    assertThat(cloud.askedTimes()).isZero();
  }

  @Test
  void operationsBesideConversationsAreServedAtTheDeployment() {
    cloud.answer(
        200,
        "{'object':'list','data':[{'object':'embedding','index':0,'embedding':[0.5]}],"
            + "'usage':{'prompt_tokens':3,'total_tokens':3}}");

    HttpResponse<String> answer =
        ensemble(",'apiVersion':'2024-10-21'")
            .client()
            .post("/v1/embeddings", "{\"model\":\"model-0\",\"input\":\"hi\"}");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(cloud.asked().path()).isEqualTo("/openai/deployments/my%20deployment/embeddings");
  }

  @Test
  void anApplicationSignsInOnceForManyCalls() {
    AtomicInteger tokens = new AtomicInteger();
    cloud.script(
        (asked, to) -> {
          if (asked.path().equals("/tenant-1/oauth2/v2.0/token")) {
            assertThat(asked.body())
                .contains(
                    "grant_type=client_credentials",
                    "client_id=app-1",
                    "client_secret=app-secret",
                    "cognitiveservices.azure.com%2F.default");
            tokens.incrementAndGet();
            to.end("{\"access_token\":\"entra-token\",\"expires_in\":3599}");
          } else {
            answer(asked, to, "Authorization", "Bearer entra-token");
          }
        });
    RunningEnsemble ensemble = entra();
    EnsembleClient client = ensemble.client();

    List<CompletableFuture<Sse>> calls =
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    CompletableFuture.supplyAsync(() -> client.stream(Requests.ofModel("model-0"))))
            .toList();

    assertThat(calls).allSatisfy(call -> assertThat(call.join().joined("text")).isEqualTo("Yes."));
    assertThat(tokens).hasValue(1);
  }

  @Test
  void aSignInThatFailsSaysWhyWithoutTheSecret() {
    cloud.answer(
        401,
        "{'error':'invalid_client','error_description':'AADSTS7000215: Invalid client secret"
            + " app-secret provided.'}");

    String refused = entra().client().stream(Requests.ofModel("model-0")).body().toString();

    assertThat(refused)
        .contains("does not sign Ensemble in (401, invalid_client)")
        .doesNotContain("app-secret");
  }

  private RunningEnsemble entra() {
    return ensemble(
        ",'entra':{'tenant':'tenant-1','clientId':'app-1','authority':'%s'}"
            .formatted(cloud.url()));
  }
}
