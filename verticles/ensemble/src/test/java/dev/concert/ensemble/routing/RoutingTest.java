package dev.concert.ensemble.routing;

import static dev.concert.ensemble.provider.chat.Upstream.data;
import static dev.concert.ensemble.provider.chat.Upstream.finish;
import static dev.concert.ensemble.provider.chat.Upstream.text;
import static dev.concert.ensemble.provider.chat.Upstream.usage;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.Sse;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Calls find their endpoint: a pool "one" with two endpoints serves "real", a provider "two" serves
 * "real" too and alone "spare".
 */
class RoutingTest {
  private final Upstream first = new Upstream();
  private final Upstream second = new Upstream();
  private final Upstream other = new Upstream();
  private RunningEnsemble ensemble;
  private int stallSeconds = 60;

  @AfterEach
  void stop() {
    if (ensemble != null) {
      ensemble.close();
    }
    first.close();
    second.close();
    other.close();
  }

  private void start(JsonObject routing) {
    JsonObject config =
        new JsonObject()
            .put("retrySeconds", 0)
            .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
            .put(
                "providers",
                new JsonArray()
                    .add(
                        provider("one", "real")
                            .put(
                                "endpoints",
                                new JsonArray()
                                    .add(endpoint("a", first))
                                    .add(endpoint("b", second))))
                    .add(provider("two", "real", "spare").put("baseUrl", other.url())));
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.from(
                new JsonObject().put("ensemble", config.mergeIn(routing)),
                Map.of("SCRIPTED_KEY", Upstream.KEY)));
  }

  private void start() {
    start(new JsonObject());
  }

  private JsonObject provider(String name, String... models) {
    JsonArray served = new JsonArray();
    for (String model : models) {
      served.add(
          new JsonObject()
              .put("id", model)
              .put("inputPrice", "3")
              .put("outputPrice", "15")
              .put("cachedPrice", "0.30")
              .put("stallTimeoutSeconds", stallSeconds));
    }
    return new JsonObject()
        .put("name", name)
        .put("type", "openai-compatible")
        .put("baseUrl", "http://127.0.0.1:1/v1")
        .put("apiKeyEnv", "SCRIPTED_KEY")
        .put("models", served);
  }

  private static JsonObject endpoint(String id, Upstream upstream) {
    return new JsonObject().put("id", id).put("baseUrl", upstream.url());
  }

  private static void answers(Upstream upstream, String text) {
    upstream.events(data(text(text), finish("stop"), usage(10, 0, 2), "[DONE]"));
  }

  private JsonNode ask(String model, String... headers) {
    HttpRequest.Builder request =
        ensemble.client().request("/api/v1/generate", Requests.ofModel(model));
    if (headers.length > 0) {
      request.headers(headers);
    }
    HttpResponse<String> response = ensemble.client().send(request.build());
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    return EnsembleClient.json(response.body());
  }

  private static String routed(JsonNode answer) {
    return answer.path("routing").path("endpoint").asText();
  }

  @Test
  void anEndpointOverItsLimitIsPassedOverForAsLongAsItAsked() {
    start();
    first.status(
        429, "application/json", "{\"error\":{\"message\":\"slow\"}}", "retry-after", "60");
    second.status(
        429, "application/json", "{\"error\":{\"message\":\"slow\"}}", "retry-after", "60");
    answers(other, "from two");

    JsonNode answer = ask("real");
    assertThat(answer.path("routing").path("attempts").asInt()).isEqualTo(3);
    assertThat(routed(answer)).isEqualTo("two");

    IntStream.range(0, 3).forEach(call -> ask("real"));
    assertThat(first.bodies).hasSize(1);
    assertThat(second.bodies).hasSize(1);
  }

  @Test
  void whenAllAreOverTheirLimitsTheClientHearsWhenTheFirstIsReady() {
    start();
    for (Upstream upstream : List.of(first, second)) {
      upstream.status(429, "application/json", "{}", "retry-after", "60");
    }
    other.status(429, "application/json", "{}", "retry-after", "20");
    ensemble.client().post("/api/v1/generate", Requests.ofModel("real"));

    HttpResponse<String> refused =
        ensemble.client().post("/api/v1/stream", Requests.ofModel("real"));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(Long.parseLong(refused.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(15L, 20L);
    assertThat(other.bodies).hasSize(1);
  }

  @Test
  void anEndpointAtItsConfiguredLimitIsPassedOverAndNotAskedAtAll() {
    start(
        new JsonObject()
            .put(
                "providers",
                new JsonArray()
                    .add(
                        provider("one", "real")
                            .put("rpmLimit", 3)
                            .put(
                                "endpoints",
                                new JsonArray()
                                    .add(endpoint("a", first))
                                    .add(endpoint("b", second).put("rpmLimit", 2))))
                    .add(
                        provider("two", "real")
                            .put("baseUrl", other.url())
                            .put("tpmLimit", 2_100))));
    List.of(first, second, other).forEach(upstream -> answers(upstream, "here"));

    IntStream.range(0, 6).parallel().forEach(call -> ask("real"));
    // Each sets more than 1000 tokens aside at "two" while it is under way, and uses 12.
    IntStream.range(0, 5).forEach(call -> assertThat(routed(ask("real"))).isEqualTo("two"));

    assertThat(first.bodies).hasSize(3);
    assertThat(second.bodies).hasSize(2);
    assertThat(other.bodies).hasSize(6);
  }

  @Test
  void whenAllEndpointsAreAtTheirConfiguredLimitsTheClientHearsHowLong() {
    start(
        new JsonObject()
            .put(
                "providers",
                new JsonArray()
                    .add(provider("one", "real").put("rpmLimit", 1).put("baseUrl", first.url()))));
    answers(first, "here");
    ask("real");

    HttpResponse<String> refused =
        ensemble.client().post("/api/v1/stream", Requests.ofModel("real"));

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).contains("PROVIDER_RATE_LIMITED");
    assertThat(Long.parseLong(refused.headers().firstValue("retry-after").orElseThrow()))
        .isBetween(1L, 61L);
    assertThat(first.bodies).hasSize(1);
  }

  @Test
  void anEndpointThatRefusesItsKeyIsPassedOver() {
    start();
    first.status(401, "application/json", "{\"error\":{\"code\":\"invalid_api_key\"}}");
    answers(second, "from b");
    answers(other, "from two");

    assertThat(IntStream.range(0, 4).mapToObj(call -> routed(ask("real")))).containsOnly("one/b");
  }

  @Test
  void whenAProviderFailsAnotherAnswers() {
    start();
    first.status(500, "text/html", "<html>");
    second.status(500, "text/html", "<html>");
    answers(other, "from two");

    JsonNode answer = ask("real");

    assertThat(routed(answer)).isEqualTo("two");
    assertThat(answer.path("routing").path("attempts").asInt()).isEqualTo(2);
    assertThat(answer.path("cost").asText()).isEqualTo("0.00006");
  }

  @Test
  void aProviderThatIsSilentIsLeftForAnother() {
    stallSeconds = 1;
    start();
    first.script(response -> Upstream.begin(response).write(": waiting\n\n"));
    second.script(response -> Upstream.begin(response).write(": waiting\n\n"));
    answers(other, "from two");

    assertThat(routed(ask("real"))).isEqualTo("two");
  }

  @Test
  void aRequestThatIsWrongIsAskedOnce() {
    start();
    for (Upstream upstream : List.of(first, second, other)) {
      upstream.status(400, "application/json", "{\"error\":{\"message\":\"bad tool\"}}");
    }

    assertThat(ensemble.client().post("/api/v1/generate", Requests.ofModel("real")).statusCode())
        .isEqualTo(400);
    assertThat(first.bodies.size() + second.bodies.size() + other.bodies.size()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "error"})
  void whatTheClientHasSeenTheBeginOfIsNeverAskedAgain(String how) {
    start();
    for (Upstream upstream : List.of(first, second)) {
      upstream.script(
          response -> {
            Upstream.begin(response).write(data(text("half")));
            if (how.equals("cut")) {
              response.reset();
            } else {
              response.end(data("{\"error\":{\"message\":\"overloaded\",\"code\":503}}"));
            }
          });
    }
    answers(other, "from two");

    Sse answer = ensemble.client().stream(Requests.ofModel("real"));

    assertThat(answer.events().getFirst().name()).isEqualTo("block");
    assertThat(answer.events().getLast().name()).isEqualTo("error");
    assertThat(other.bodies).isEmpty();
    assertThat(first.bodies.size() + second.bodies.size()).isEqualTo(1);
  }

  @Test
  void anotherModelStandsInForOneThatFails() {
    start(
        new JsonObject()
            .put("fallbacks", new JsonObject().put("spare", new JsonArray().add("real")))
            .put("aliases", new JsonObject().put("best", "spare")));
    other.status(503, "application/json", "{}");
    answers(first, "from a");
    answers(second, "from b");

    JsonNode answer = ask("best");

    assertThat(answer.path("model").asText()).isEqualTo("real");
    assertThat(routed(answer)).startsWith("one/");
  }

  @Test
  void aSessionStaysAtItsEndpoint() {
    start();
    answers(first, "from a");
    answers(second, "from b");
    Map<String, String> places = new HashMap<>();
    for (int call = 0; call < 12; call++) {
      String session = "session-" + call % 3;
      JsonNode answer = ask("real", "X-Session-ID", session);
      assertThat(routed(answer)).isEqualTo(places.computeIfAbsent(session, id -> routed(answer)));
    }
    assertThat(places.values()).contains("one/a", "one/b");
  }

  @Test
  void aLongPromptGoesWhereItsBeginWasReadLast() {
    start(new JsonObject().put("strategies", new JsonObject().put("one", "round_robin")));
    answers(first, "from a");
    answers(second, "from b");
    String body = Requests.ofModel("real").replace("Be brief.", "x".repeat(600_000));

    List<JsonNode> answers =
        IntStream.range(0, 5)
            .mapToObj(call -> ensemble.client().post("/api/v1/generate", body).body())
            .map(EnsembleClient::json)
            .toList();

    assertThat(answers.stream().skip(1).map(RoutingTest::routed).distinct())
        .containsExactly(routed(answers.getFirst()));
    JsonNode why = answers.getLast().path("routing");
    assertThat(why.path("reason").asText()).isEqualTo("cache_strong");
    assertThat(why.path("cache_optimized").asBoolean()).isTrue();
    assertThat(new BigDecimal(why.path("estimated_value").asText()))
        .isGreaterThan(new BigDecimal("0.25"));
  }

  /** A dearer provider that is preferred, a cheaper one, and a cheaper model that stands in. */
  @Test
  void whatACallCostsMoreThanAtTheCheapestIsToldOfTheSameModelOnly() {
    JsonObject dear = provider("one", "real").put("baseUrl", first.url());
    JsonObject cheap = provider("two", "real").put("baseUrl", second.url());
    cheap.getJsonArray("models").getJsonObject(0).put("inputPrice", "1").put("outputPrice", "5");
    JsonObject standIn = provider("three", "spare").put("baseUrl", other.url());
    standIn.getJsonArray("models").getJsonObject(0).put("inputPrice", "0").put("outputPrice", "0");
    start(
        new JsonObject()
            .put("providers", new JsonArray().add(dear).add(cheap).add(standIn))
            .put("fallbacks", new JsonObject().put("real", new JsonArray().add("spare"))));
    answers(first, "from one");
    answers(second, "from two");
    answers(other, "from three");

    // An answer of 1,000 tokens at ten dollars a million more, and a prompt of 20 at two.
    assertThat(penalty(ask("real"))).isEqualTo("0.01004");
    first.status(500, "text/html", "<html>");
    assertThat(penalty(ask("real"))).isEqualTo("0");
    second.status(500, "text/html", "<html>");
    JsonNode answer = ask("real");
    assertThat(routed(answer)).isEqualTo("three");
    assertThat(penalty(answer)).isEqualTo("0");
  }

  private static String penalty(JsonNode answer) {
    return answer.path("routing").path("cost_penalty").asText();
  }

  @Test
  void callsAtOnceAreSpreadOverThePool() {
    start(new JsonObject().put("strategies", new JsonObject().put("one", "least_used")));
    answers(first, "from a");
    answers(second, "from b");

    List<String> places =
        IntStream.range(0, 40).parallel().mapToObj(call -> routed(ask("real"))).toList();

    assertThat(places).contains("one/a", "one/b").doesNotContain("two");
  }
}
