package dev.concert.ensemble.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.Requests;
import dev.concert.ensemble.RunningEnsemble;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.routing.RoutingOptions;
import dev.concert.ensemble.routing.endpoint.CacheThresholds;
import dev.concert.ensemble.routing.endpoint.PoolStrategy;
import dev.concert.foundation.config.ConfigFile;
import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleOptionsTest {
  private static final String MODELS = "\"models\":[{\"id\":\"m\"}]";
  private static final String HEAD = "{\"name\":\"p\",\"type\":\"openai-compatible\",";

  @Test
  void withoutConfigurationThereIsOnlyTheDemoModel() {
    EnsembleOptions options = EnsembleOptions.embedded(Map.of());

    assertThat(options.host()).isEqualTo("127.0.0.1");
    assertThat(options.port()).isZero();
    assertThat(options.providers()).isEmpty();
    try (RunningEnsemble ensemble = new RunningEnsemble(options)) {
      assertThat(ensemble.open("i").defaultModel()).isEqualTo("demo");
    }
  }

  @Test
  void aKeyInTheEnvironmentBringsItsProvider() {
    EnsembleOptions options =
        EnsembleOptions.embedded(
            Map.of(
                "OPENAI_API_KEY", "sk-secret",
                "OPENAI_BASE_URL", "http://127.0.0.1:9/v1",
                "OPENAI_MODEL", "llama"));

    assertThat(options.providers().getFirst().baseUrl()).hasHost("127.0.0.1");
    assertThat(options.providers().getFirst().maxTokensField()).isEqualTo("max_tokens");
    assertThat(options.providers().getFirst().models().getFirst().price()).isEqualTo(Price.UNKNOWN);
    assertThat(options.toString()).doesNotContain("sk-secret");
    assertThat(options.providers().toString()).doesNotContain("sk-secret");
    try (RunningEnsemble ensemble = new RunningEnsemble(options)) {
      assertThat(ensemble.open("i").defaultModel()).isEqualTo("llama");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {"''; false", ", 'inputPrice': 0; true", ", 'outputPrice': '2.5'; true"})
  void aPriceIsKnownOnlyWhereItIsNamed(String prices, boolean known) {
    JsonObject model = new JsonObject("{'id': 'm'%s}".formatted(prices).replace('\'', '"'));
    ConfigReader section = ConfigReader.of(new JsonObject().put("model", model), "model");

    assertThat(ModelConfig.read(section, "p").price().known()).isEqualTo(known);
  }

  @Test
  void howCallsAreRoutedIsRead() {
    RoutingOptions routing =
        EnsembleOptions.from(
                new JsonObject(
                    """
                    {"ensemble": {"aliases": {"fast": "m"}, "fallbacks": {"m": ["n", "o"]},
                     "strategies": {"p": "round_robin"}, "retrySeconds": 3,
                     "cache": {"waitThreshold": "0.5", "loadBalanceThreshold": "0.1",
                      "maxEntries": 7, "ttls": {"p": "90s", "q": "24h"}}}}
                    """),
                Map.of())
            .routing();

    assertThat(routing)
        .isEqualTo(
            new RoutingOptions(
                Map.of("fast", "m"),
                Map.of("m", List.of("n", "o")),
                Map.of("p", PoolStrategy.ROUND_ROBIN),
                new CacheThresholds(new BigDecimal("0.5"), new BigDecimal("0.1")),
                7,
                Map.of("p", Duration.ofSeconds(90), "q", Duration.ofHours(24)),
                Duration.ofSeconds(3)));
  }

  @Test
  void theSharedRedisComesFromTheEnvironmentBeforeTheFileAndItsPasswordIsNotTold() {
    JsonObject file = new JsonObject("{\"ensemble\": {\"redisUrl\": \"redis://:hush@there:1\"}}");

    assertThat(EnsembleOptions.from(file, Map.of()).control().redis())
        .contains(new AccessControlOptions.SharedRedis("redis://:hush@there:1", "default"));
    assertThat(
            EnsembleOptions.from(
                    file,
                    Map.of("ENSEMBLE_REDIS_URL", "rediss://here", "REDIS_NAMESPACE", "staging"))
                .control()
                .redis())
        .contains(new AccessControlOptions.SharedRedis("rediss://here", "staging"));
    assertThat(EnsembleOptions.from(file, Map.of()).control().toString()).doesNotContain("hush");
    assertThatThrownBy(
            () -> EnsembleOptions.from(file, Map.of("ENSEMBLE_REDIS_URL", "http://:hush@x")))
        .hasMessageContaining("ensemble.redisUrl must be a URL such as redis://")
        .hasMessageNotContaining("hush@");
    assertThatThrownBy(() -> EnsembleOptions.from(file, Map.of("REDIS_NAMESPACE", "{a}")))
        .hasMessageContaining("ensemble.redisNamespace");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"strategies\": {\"p\": \"random\"}} | session_affinity, round_robin, least_used",
        "{\"fallbacks\": []} | ensemble.fallbacks must be a mapping",
        "{\"fallbacks\": {\"m\": [1]}} | ensemble.fallbacks.m[0] must be a text",
        "{\"cache\": {\"waitThreshold\": \"much\"}} | ensemble.cache.waitThreshold must be a"
            + " decimal",
        "{\"cache\": {\"waitThreshold\": \"0.01\"}} | must not be above",
        "{\"cache\": {\"ttls\": {\"p\": \"soon\"}}} | ensemble.cache.ttls must hold durations"
      })
  void whatIsWrongInTheRoutingIsNamed(String section, String sentence) {
    JsonObject config = new JsonObject().put("ensemble", new JsonObject(section));

    assertThatThrownBy(() -> EnsembleOptions.from(config, Map.of())).hasMessageContaining(sentence);
  }

  @Test
  void aProviderWithoutItsKeyIsNotTheDefaultAndSaysWhy() {
    EnsembleOptions options =
        EnsembleOptions.from(
            config(HEAD + "\"baseUrl\":\"http://x\",\"apiKeyEnv\":\"NO_SUCH\"," + MODELS + "}"),
            Map.of("ENSEMBLE_API_KEY", RunningEnsemble.KEY));

    try (RunningEnsemble ensemble = new RunningEnsemble(options)) {
      assertThat(ensemble.open("i").defaultModel()).isEqualTo("demo");
      assertThat(ensemble.client().stream(Requests.ofModel("m")).errorCode())
          .isEqualTo("PROVIDER_AUTH");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | ensemble.providers[0].name is required",
        "5 | ensemble.providers[0] must be a mapping",
        "{\"name\":\"p\",\"type\":\"magic\"} | ensemble.providers[0].type must be",
        "HEAD\"baseUrl\":\"ftp://x\",MODELS} | ensemble.providers[0].baseUrl must be a URL",
        "HEAD\"baseUrl\":\"http://x\",\"omitFields\":[\"stream\"],MODELS} |"
            + " ensemble.providers[0].omitFields cannot name a field that every request needs",
        "HEAD\"baseUrl\":\"http://x\"} | ensemble.providers[0].models must name",
        "HEAD\"baseUrl\":\"http://x\",\"models\":[{}]} | ensemble.providers[0].models[0].id is"
            + " required",
        "HEAD\"baseUrl\":\"http://x\",\"models\":[{\"id\":\"m\",\"inputPrice\":\"free\"}]} |"
            + " models[0].inputPrice must be a decimal",
        "HEAD\"baseUrl\":\"http://x\",\"models\":[{\"id\":\"m\",\"inputPrice\":\"-1\"}]} |"
            + " models[0].inputPrice must not be negative",
        "HEAD\"baseUrl\":\"http://x\",\"models\":[{\"id\":\"m\",\"contextWindow\":\"big\"}]} |"
            + " models[0].contextWindow must be a whole number",
        "{\"name\":\"p\",\"type\":\"anthropic\",\"models\":[{\"id\":\"m\",\"audio\":true}]} |"
            + " models[0].audio cannot be true",
      })
  void namesTheKeyThatIsWrong(String provider, String words) {
    String json = provider.replace("HEAD", HEAD).replace("MODELS", MODELS);

    assertThatThrownBy(() -> EnsembleOptions.from(config(json), Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(words);
  }

  @Test
  void namesAWrongPort() {
    JsonObject config = new JsonObject().put("ensemble", new JsonObject().put("port", 70_000));

    assertThatThrownBy(() -> EnsembleOptions.from(config, Map.of()))
        .hasMessageContaining("ensemble.port");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anthropic.yaml",
        "openai.yaml",
        "gemini.yaml",
        "xai.yaml",
        "openrouter.yaml",
        "local.yaml"
      })
  void readsTheProvidersThatComeWithConcert(String file) throws IOException {
    Path path = Path.of(System.getProperty("concert.home"), "conf", "providers", file);
    JsonObject provider = ConfigFile.read(path);

    EnsembleOptions options =
        EnsembleOptions.from(
            new JsonObject()
                .put("ensemble", new JsonObject().put("providers", new JsonArray().add(provider))),
            Map.of());

    assertThat(options.providers()).hasSize(1);
    assertThat(options.publicUrl()).isEqualTo(Optional.empty());
  }

  private static JsonObject config(String provider) {
    return new JsonObject("{\"ensemble\":{\"providers\":[" + provider + "]}}");
  }
}
