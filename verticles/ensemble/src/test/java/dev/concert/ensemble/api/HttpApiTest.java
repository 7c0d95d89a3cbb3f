package dev.concert.ensemble.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.bus.Addresses;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.Sse;
import dev.concert.inference.InferenceMessages.Access;
import dev.concert.inference.InferenceMessages.CloseAccess;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpApiTest {
  private static final String MESSAGES = "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]";
  private static RunningEnsemble ensemble;

  @BeforeAll
  static void deploy() {
    ensemble = new RunningEnsemble();
  }

  @AfterAll
  static void undeploy() {
    ensemble.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/stream", "/api/v1/generate"})
  void refusesACallWithoutAToken(String path) {
    HttpResponse<String> response = ensemble.client("").post(path, Requests.DEMO);

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(code(response)).isEqualTo("UNAUTHENTICATED");
    assertThat(response.headers().firstValue("www-authenticate")).contains("Bearer");
  }

  @Test
  void refusesAWrongToken() {
    assertThat(code(ensemble.client("wrong").post("/api/v1/stream", Requests.DEMO)))
        .isEqualTo("AUTH_FAILED");
    assertThat(ensemble.client("wrong").get("/api/v1/models").statusCode()).isEqualTo(401);
  }

  @Test
  void refusesATokenThatWasClosed() {
    Access access = ensemble.open("instance-closed");
    EnsembleClient client = ensemble.client(access.token());
    assertThat(client.get("/api/v1/models").statusCode()).isEqualTo(200);

    RunningEnsemble.await(
        ensemble
            .bus()
            .request(
                Addresses.CLOSE_ACCESS, new CloseAccess("instance-closed"), Duration.ofSeconds(5)));

    assertThat(client.get("/api/v1/models").statusCode()).isEqualTo(401);
  }

  @Test
  void opensAccessWithItsUrlAndItsDefaultModel() {
    Access access = ensemble.open("instance-open");

    assertThat(access.url()).isEqualTo(ensemble.baseUrl());
    assertThat(access.defaultModel()).isEqualTo("demo");
    assertThat(access.token()).startsWith("ens_").hasSizeGreaterThan(40);
    assertThat(access.toString()).doesNotContain(access.token());
  }

  @Test
  void aNewTokenOfAnInstanceEndsTheOldOne() {
    Access first = ensemble.open("instance-twice");
    Access second = ensemble.open("instance-twice");

    assertThat(ensemble.client(first.token()).get("/api/v1/models").statusCode()).isEqualTo(401);
    assertThat(ensemble.client(second.token()).get("/api/v1/models").statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | INVALID_JSON | line 1",
        "null | INVALID_JSON | one JSON object",
        "[] | INVALID_MESSAGE | body: must be an object",
        "{} | INVALID_MESSAGE | model: ",
        "{\"model\":5,M} | INVALID_MESSAGE | model: must be a string",
        "{\"model\":\"demo\"} | INVALID_MESSAGE | messages: ",
        "{\"model\":\"demo\",\"messages\":[]} | INVALID_MESSAGE | messages: ",
        "{\"model\":\"demo\",\"messages\":{}} | INVALID_MESSAGE | messages: must be an array",
        "{\"model\":\"demo\",\"messages\":[null]} | INVALID_MESSAGE | messages[0]: ",
        "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\"}]} | INVALID_MESSAGE | messages[0]:"
            + " must have either",
        "{\"model\":\"demo\",\"messages\":[{\"role\":\"boss\",\"content\":\"\"}]} | INVALID_MESSAGE"
            + " | messages[0].role: must be one of",
        "{\"model\":\"demo\",\"messages\":[{\"role\":\"tool\",\"content\":\"x\"}]} |"
            + " INVALID_MESSAGE | messages[0].tool_call_id",
        "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content\":7}]} | INVALID_MESSAGE |"
            + " messages[0].content: must be a string",
        "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content_blocks\":[{\"type\":\"video\"}]}]}"
            + " | INVALID_MESSAGE | type 'video' is not known",
        "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content_blocks\":[{\"type\":\"thinking\",\"text\":\"x\"}]}]}"
            + " | INVALID_MESSAGE | messages[0].content_blocks[0]: may only",
        "{\"model\":\"demo\",\"max_tokens\":0,M} | INVALID_MESSAGE | max_tokens: ",
        "{\"model\":\"demo\",\"max_tokens\":\"5\",M} | INVALID_MESSAGE | max_tokens: must be a"
            + " whole number",
        "{\"model\":\"demo\",\"temperature\":3,M} | INVALID_MESSAGE | temperature: ",
        "{\"model\":\"demo\",\"tools\":[{\"name\":\"a b\"}],M} | INVALID_MESSAGE | tools[0].name",
        "{\"model\":\"nobody\",M} | MODEL_UNKNOWN | 'nobody' is not served",
        "{\"model\":\"demo\",\"messages\":[{\"role\":\"user\",\"content_blocks\":[{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"AA==\"}}]}]}"
            + " | INVALID_MESSAGE | cannot see images",
      })
  void namesWhatIsWrongWithABody(String body, String code, String words) {
    Sse answer = ensemble.client().stream(body.replace("M}", MESSAGES + "}"));

    assertThat(answer.errorCode()).isEqualTo(code);
    assertThat(answer.body().path("error").path("message").asText()).contains(words);
    assertThat(answer.body().path("error").path("retryable").asBoolean()).isFalse();
    assertThat(answer.body().toString()).doesNotContain("dev.concert");
  }

  @Test
  void refusesABodyWithoutAnything() {
    assertThat(code(ensemble.client().post("/api/v1/stream", ""))).isEqualTo("INVALID_JSON");
  }

  @Test
  void refusesABodyThatIsTooLarge() {
    String body = "{\"model\":\"" + "x".repeat(33 * 1024 * 1024) + "\"}";

    HttpResponse<String> response = ensemble.client().post("/api/v1/stream", body);

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(code(response)).isEqualTo("MESSAGE_TOO_LARGE");
  }

  @Test
  void takesALargeBodyWithoutHoldingUpTheOthers() {
    String body = Requests.DEMO.replace("Be brief.", "x".repeat(20 * 1024 * 1024));

    assertThat(ensemble.client().stream(body).last().name()).isEqualTo("done");
  }

  @Test
  void givesTheRequestIdBackWhereItIsHarmless() {
    EnsembleClient client = ensemble.client();
    HttpResponse<String> given =
        client.send(
            client
                .request("/api/v1/generate", Requests.DEMO)
                .header("X-Request-ID", "my-request.7")
                .build());
    HttpResponse<String> strange =
        client.send(
            client
                .request("/api/v1/generate", Requests.DEMO)
                .header("X-Request-ID", "a b<script>")
                .build());

    assertThat(given.headers().firstValue("x-request-id")).contains("my-request.7");
    assertThat(EnsembleClient.json(given.body()).path("id").asText()).isEqualTo("my-request.7");
    assertThat(strange.headers().firstValue("x-request-id").orElseThrow()).hasSize(36);
  }

  @Test
  void listsModelsWithWhatTheyCanAndCost() {
    JsonNode models = EnsembleClient.json(ensemble.client().get("/api/v1/models").body());

    assertThat(models.path("default_model").asText()).isEqualTo("demo");
    assertThat(models.path("models").path(0).path("context_window").asInt()).isPositive();
    assertThat(models.path("models").path(0).path("input_price").asText()).isEqualTo("0");
  }

  @Test
  void tellsEverybodyHowItIs() {
    HttpResponse<String> response = ensemble.client("").get("/api/v1/health");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).contains("\"status\":\"ok\"").contains("\"demo\":\"healthy\"");
  }

  @Test
  void saysThatThereIsNothingElse() {
    assertThat(ensemble.client().get("/api/v1/nothing").statusCode()).isEqualTo(404);
    assertThat(ensemble.client().get("/api/v1/stream").statusCode()).isEqualTo(405);
  }

  private static String code(HttpResponse<String> response) {
    return EnsembleClient.json(response.body()).path("error").path("code").asText();
  }
}
