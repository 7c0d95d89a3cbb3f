package dev.concert.ensemble.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.provider.chat.Upstream;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WildcardModelsTest {
  private static Upstream upstream;
  private static RunningEnsemble ensemble;

  @BeforeAll
  static void start() {
    upstream = new Upstream();
    ensemble = new RunningEnsemble(EnsembleOptions.from(config(), Map.of("ROUTED_KEY", "k")));
  }

  private static JsonObject config() {
    JsonObject provider =
        new JsonObject()
            .put("name", "vendor")
            .put("type", "openai-compatible")
            .put("baseUrl", upstream.url())
            .put(
                "models",
                new JsonArray()
                    .add(new JsonObject().put("id", "vendor/*"))
                    .add(new JsonObject().put("id", "vendor/mini-*").put("upstreamId", "small-*"))
                    .add(new JsonObject().put("id", "vendor/one").put("upstreamId", "one")));
    return new JsonObject()
        .put(
            "ensemble",
            new JsonObject()
                .put("retrySeconds", 0)
                .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
                .put("aliases", new JsonObject().put("fast", "vendor/quick"))
                .put("providers", new JsonArray().add(provider).add(routed())));
  }

  /** The operator itself may name a model with a suffix. */
  private static JsonObject routed() {
    return new JsonObject()
        .put("name", "routed")
        .put("type", "openrouter")
        .put("baseUrl", upstream.url())
        .put("apiKeyEnv", "ROUTED_KEY")
        .put(
            "models",
            new JsonArray()
                .add(new JsonObject().put("id", "routed/*"))
                .add(new JsonObject().put("id", "found").put("upstreamId", "a/b:online")));
  }

  @AfterAll
  static void stop() {
    ensemble.close();
    upstream.close();
  }

  @BeforeEach
  void answer() {
    upstream.bodies.clear();
    upstream.events(Upstream.data(Upstream.text("Hi"), Upstream.finish("stop"), "[DONE]"));
  }

  private static HttpResponse<String> ask(String model) {
    return ensemble
        .client()
        .post(
            "/v1/chat/completions",
            "{\"model\":\"%s\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}]}"
                .formatted(model));
  }

  @ParameterizedTest
  @CsvSource({
    "vendor/gpt-9, gpt-9, vendor/gpt-9",
    "vendor/org/model:free, org/model:free, vendor/org/model:free",
    "vendor/mini-7, small-7, vendor/mini-7",
    "vendor/one, one, vendor/one",
    "fast, quick, vendor/quick"
  })
  void theVendorIsAskedForTheModelThatTheWildcardCovers(String model, String theirs, String named)
      throws Exception {
    JsonNode answer = EnsembleClient.json(ask(model).body());

    assertThat(EnsembleClient.json(upstream.bodies.take()).path("model").asText())
        .isEqualTo(theirs);
    assertThat(answer.path("model").asText()).isEqualTo(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"vendor/", "vendor", "other/gpt-9", "vendor/../files", "vendor/a?b=c"})
  void whatNoWildcardCoversIsNotServed(String model) {
    assertThat(ask(model).statusCode()).isEqualTo(404);
    assertThat(upstream.bodies).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "routed/a/b:online, 400",
    "routed/a/b:nitro, 400",
    "routed/a/b:free, 200",
    "found, 200"
  })
  void aNameBelowAWildcardChoosesAModelAndNothingElse(String model, int status) {
    HttpResponse<String> answer = ask(model);

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    assertThat(upstream.bodies).hasSize(status == 200 ? 1 : 0);
    if (status == 400) {
      assertThat(EnsembleClient.json(answer.body()).at("/error/param").asText()).isEqualTo("model");
    }
  }

  @Test
  void theListHasTheModelsThatAreNamed() {
    JsonNode listed = EnsembleClient.json(ensemble.client().get("/v1/models").body());

    assertThat(listed.path("data").findValuesAsText("id"))
        .contains("vendor/one")
        .noneMatch(id -> id.contains("*"));
  }

  @Test
  void theListHasWhatTheVendorListsAndAWildcardCoversAndAsksOnce() {
    AtomicInteger asked = new AtomicInteger();
    upstream.serve("models");
    upstream.script(
        response -> {
          asked.incrementAndGet();
          response
              .putHeader("content-type", "application/json")
              .end("{\"data\":[{\"id\":\"gpt-9\"},{\"id\":\"small-7\"},{\"id\":\"one\"}]}");
        });
    // A provider of its own: the other one has been asked by other tests.
    try (RunningEnsemble fresh = new RunningEnsemble(EnsembleOptions.from(config(), Map.of()))) {
      List<String> listed =
          EnsembleClient.json(fresh.client().get("/v1/models").body())
              .path("data")
              .findValuesAsText("id");

      assertThat(listed)
          .containsSubsequence("vendor/one", "vendor/gpt-9", "vendor/mini-7", "vendor/small-7");
      assertThat(fresh.client().get("/v1/models/vendor/mini-7").statusCode()).isEqualTo(200);
      assertThat(fresh.client().get("/api/v1/models").body()).contains("vendor/mini-7");
      assertThat(fresh.client().get("/v1beta/models?key=" + RunningEnsemble.KEY).body())
          .contains("models/vendor/mini-7");
      assertThat(asked.get()).isEqualTo(1);
    }
  }

  @Test
  void aVendorThatListsNothingLeavesTheNamedOnes() {
    upstream.serve("models");
    upstream.status(500, "text/html", "<html>");

    try (RunningEnsemble fresh = new RunningEnsemble(EnsembleOptions.from(config(), Map.of()))) {
      assertThat(fresh.client().get("/v1/models").body()).contains("\"vendor/one\"");
      assertThat(fresh.client().get("/v1/models/vendor/nothing").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void aKeyMayBeLimitedToAWildcard() {
    KeySettings settings =
        new KeySettings(
            "ci", Optional.of(Set.of("vendor/*", "demo")), RateLimit.NONE, Optional.empty());

    assertThat(settings.allows("vendor/gpt-9")).isTrue();
    assertThat(settings.allows("demo")).isTrue();
    assertThat(settings.allows("demo-2")).isFalse();
    assertThat(settings.allows("other/gpt-9")).isFalse();
  }
}
