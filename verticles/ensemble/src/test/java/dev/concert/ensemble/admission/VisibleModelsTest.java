package dev.concert.ensemble.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.key.KeySettings;
import dev.concert.ensemble.key.KeyStore;
import dev.concert.ensemble.limit.RateLimit;
import dev.concert.testing.Await;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Who holds a key that is restricted to models is shown these and no others. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VisibleModelsTest {
  @TempDir static Path folder;
  private KeyStore store;
  private String customer;
  private RunningEnsemble ensemble;

  @BeforeAll
  void start() {
    Path file = folder.resolve("keys.db");
    store = new KeyStore(file, Clock.systemUTC());
    customer = store.addCustomer("Acme", "ops@acme.example", Optional.empty()).id();
    JsonArray models = new JsonArray().add(model("first")).add(model("second")).add(model("third"));
    JsonObject section =
        new JsonObject()
            .put("keysFile", file.toString())
            .put("aliases", new JsonObject().put("quick", "second"))
            .put(
                "providers",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("name", "near")
                            .put("type", "openai-compatible")
                            .put("baseUrl", "http://127.0.0.1:9/v1")
                            .put("models", models)));
    ensemble =
        new RunningEnsemble(
            EnsembleOptions.from(new JsonObject().put("ensemble", section), Map.of()));
  }

  private static JsonObject model(String id) {
    return new JsonObject().put("id", id).put("contextWindow", 1000).put("maxOutputTokens", 100);
  }

  @AfterAll
  void stop() {
    ensemble.close();
    store.close();
  }

  @Test
  void aKeyWithoutRestrictionIsShownEveryModelAndNoAlias() {
    EnsembleClient client = holder();

    assertThat(ids(nativeList(client).path("models")))
        .containsExactly("first", "second", "third", "demo");
    assertThat(nativeList(client).path("default_model").asText()).isEqualTo("first");
  }

  @Test
  void aRestrictedKeyIsShownItsModelsInEveryForm() {
    EnsembleClient client = holder("third", "second", "unheard-of");

    assertThat(ids(nativeList(client).path("models"))).containsExactly("second", "third");
    assertThat(nativeList(client).path("default_model").asText()).isEqualTo("second");
    assertThat(ids(openAiList(client).path("data"))).containsExactly("second", "third");
    JsonNode anthropic = anthropicList(client);
    assertThat(ids(anthropic.path("data"))).containsExactly("second", "third");
    assertThat(anthropic.path("first_id").asText()).isEqualTo("second");
    assertThat(anthropic.path("last_id").asText()).isEqualTo("third");
    assertThat(client.get("/v1/models/third").statusCode()).isEqualTo(200);
    assertThat(client.get("/v1/models/first").statusCode()).isEqualTo(404);
  }

  @Test
  void aKeyForAnAliasIsShownTheNameThatItMayUse() {
    JsonNode shown = nativeList(holder("quick"));

    assertThat(ids(shown.path("models"))).containsExactly("quick");
    assertThat(shown.path("models").path(0).path("provider").asText()).isEqualTo("near");
  }

  @Test
  void aKeyForModelsThatNobodyServesIsShownNone() {
    EnsembleClient client = holder("unheard-of");

    assertThat(nativeList(client).path("models")).isEmpty();
    assertThat(nativeList(client).has("default_model")).isFalse();
    assertThat(openAiList(client).path("data").isArray()).isTrue();
    assertThat(openAiList(client).path("data")).isEmpty();
    assertThat(anthropicList(client).path("data")).isEmpty();
    assertThat(anthropicList(client).path("first_id").isNull()).isTrue();
  }

  private EnsembleClient holder(String... models) {
    String secret =
        store
            .addKey(
                customer,
                new KeySettings(
                    "ci",
                    models.length == 0 ? Optional.empty() : Optional.of(Set.of(models)),
                    RateLimit.NONE,
                    Optional.empty()))
            .secret();
    EnsembleClient client = ensemble.client(secret);
    Await.until(() -> client.get("/api/v1/models").statusCode() == 200);
    return client;
  }

  private static JsonNode nativeList(EnsembleClient client) {
    return EnsembleClient.json(client.get("/api/v1/models").body());
  }

  private static JsonNode openAiList(EnsembleClient client) {
    return EnsembleClient.json(client.get("/v1/models").body());
  }

  private static JsonNode anthropicList(EnsembleClient client) {
    HttpRequest request =
        HttpRequest.newBuilder(
                client.request("/v1/models", "").header("anthropic-version", "2023-06-01").build(),
                (name, value) -> true)
            .GET()
            .build();
    return EnsembleClient.json(client.send(request).body());
  }

  private static List<String> ids(JsonNode models) {
    return models.findValuesAsText("id");
  }
}
