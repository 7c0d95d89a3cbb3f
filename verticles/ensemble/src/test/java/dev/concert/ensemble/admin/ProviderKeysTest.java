package dev.concert.ensemble.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.concert.ensemble.EnsembleClient;
import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.config.AccessControlOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.provider.chat.Upstream;
import dev.concert.foundation.secret.SecretOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys of providers that an operator gives over HTTP. */
class ProviderKeysTest {
  private static final String ADMIN = "an-admin-key-for-these-tests-only";

  @TempDir Path folder;

  private final Upstream upstream = new Upstream();
  private RunningEnsemble ensemble;
  private EnsembleClient admin;

  @AfterEach
  void stop() {
    if (ensemble != null) {
      ensemble.close();
    }
    upstream.close();
  }

  private void start(Map<String, String> environment) {
    if (ensemble != null) {
      ensemble.close();
    }
    JsonObject provider =
        new JsonObject()
            .put("name", "scripted")
            .put("type", "openai-compatible")
            .put("baseUrl", upstream.url())
            .put("apiKeyEnv", "SCRIPTED_KEY")
            .put("models", new JsonArray().add(new JsonObject().put("id", "real")))
            .put(
                "endpoints",
                new JsonArray()
                    .add(new JsonObject().put("id", "a").put("baseUrl", upstream.url())));
    JsonObject config =
        new JsonObject()
            .put("retrySeconds", 0)
            .put("apiKeys", new JsonArray().add(RunningEnsemble.KEY))
            .put("providers", new JsonArray().add(provider));
    EnsembleOptions options =
        EnsembleOptions.from(new JsonObject().put("ensemble", config), environment);
    ensemble =
        new RunningEnsemble(
            options.withControl(
                AccessControlOptions.NONE
                    .withAdminKey(ADMIN)
                    .withSecrets(
                        SecretOptions.of(
                            folder.resolve("secrets.db"), environment, "ENSEMBLE_MASTER_KEY"))));
    admin = ensemble.client(ADMIN);
    upstream.events(Upstream.data(Upstream.text("hi"), Upstream.finish("stop"), "[DONE]"));
  }

  private HttpResponse<String> put(String id, String body) {
    return admin.send(
        admin
            .request("/admin/providers/" + id + "/key", "")
            .method("PUT", HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private int call() {
    return ensemble.client().post("/api/v1/generate", Requests.REAL).statusCode();
  }

  private String source() {
    JsonNode ways = EnsembleClient.json(admin.get("/admin/providers").body()).path("providers");
    assertThat(ways.get(0).path("provider_id").asText()).isEqualTo("scripted/a");
    return ways.get(0).path("key").asText();
  }

  private static String master(int seed) {
    byte[] bytes = new byte[32];
    bytes[5] = (byte) seed;
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Test
  void aKeyThatWasGivenIsUsedAtOnceAndAfterARestartAndIsNeverShownOrReadable() throws Exception {
    start(Map.of());
    assertThat(source()).isEqualTo("none");
    assertThat(call()).isEqualTo(502);

    HttpResponse<String> given = put("scripted%2Fa", "{\"key\":\"%s\"}".formatted(Upstream.KEY));

    assertThat(given.statusCode()).as(given.body()).isEqualTo(200);
    assertThat(given.body()).doesNotContain(Upstream.KEY);
    assertThat(source()).isEqualTo("stored");
    assertThat(call()).isEqualTo(200);
    start(Map.of());
    assertThat(call()).isEqualTo(200);
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .doesNotContain(Upstream.KEY);
      }
    }
  }

  @Test
  void aKeyThatWasTakenBackIsUsedNoMore() {
    start(Map.of());
    put("scripted%2Fa", "{\"key\":\"%s\"}".formatted(Upstream.KEY));

    HttpResponse<String> taken =
        admin.send(admin.request("/admin/providers/scripted%2Fa/key", "").DELETE().build());

    assertThat(taken.statusCode()).isEqualTo(200);
    assertThat(source()).isEqualTo("none");
    assertThat(call()).isEqualTo(502);
  }

  @Test
  void theEnvironmentWins() {
    start(Map.of("SCRIPTED_KEY", Upstream.KEY));

    put("scripted%2Fa", "{\"key\":\"sk-wrong\"}");

    assertThat(source()).isEqualTo("environment");
    assertThat(call()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"key\":\"\"}", "{\"key\":\"two words\"}", "{\"key\":7}"})
  void aKeyThatCanBeNoneIsNamedAndNotShown(String body) {
    start(Map.of());

    HttpResponse<String> refused = put("scripted%2Fa", body);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains("key: must be").doesNotContain("two words");
    assertThat(put("nobody", "{\"key\":\"a\"}").body()).contains("there are: scripted/a, demo");
  }

  @Test
  void aWrongMasterKeyIsToldAtTheStartAndANewOneTakesOver() {
    start(Map.of("ENSEMBLE_MASTER_KEY", master(1)));
    put("scripted%2Fa", "{\"key\":\"%s\"}".formatted(Upstream.KEY));

    assertThatThrownBy(() -> start(Map.of("ENSEMBLE_MASTER_KEY", master(2))))
        .hasMessageContaining("encrypted with another master key");
    ensemble = null;
    start(
        Map.of(
            "ENSEMBLE_MASTER_KEY", master(2),
            "ENSEMBLE_PREVIOUS_MASTER_KEY", master(1)));
    assertThat(call()).isEqualTo(200);
  }
}
