package dev.concert.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.ensemble.model.Rates;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.foundation.config.ConfigException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderFilesTest {
  private static final Map<String, String> WITH_KEY = Map.of("OPENAI_API_KEY", "sk-test");
  private final ProviderFiles files =
      new ProviderFiles(Path.of(System.getProperty("concert.home")));

  @ParameterizedTest
  @ValueSource(strings = {"anthropic", "openai", "gemini", "xai", "openrouter"})
  void aKeyInTheEnvironmentBringsTheModelsWithTheirPrices(String vendor) {
    Map<String, String> environment =
        Map.of(vendor.toUpperCase(Locale.ROOT) + "_API_KEY", "sk-test");
    JsonObject provider = providers(new JsonObject(), environment).getJsonObject(0);
    assertThat(provider.getString("name")).isEqualTo(vendor);
    assertThat(provider.getJsonArray("models").getJsonObject(0).getString("inputPrice"))
        .isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "anthropic",
        "openai",
        "gemini",
        "xai",
        "openrouter",
        "bedrock",
        "vertex",
        "azure"
      })
  void everyModelOfAFileHasAPriceAndALongerPromptIsNotCheaper(String vendor) {
    JsonObject config =
        new JsonObject().put("ensemble", new JsonObject().put("providers", JsonArray.of(vendor)));
    Map<String, String> environment =
        Map.of(
            vendor.toUpperCase(Locale.ROOT) + "_API_KEY",
            "sk-test",
            "AWS_REGION",
            "us-east-1",
            "GOOGLE_CLOUD_PROJECT",
            "played",
            "AZURE_OPENAI_ENDPOINT",
            "https://played.openai.azure.com");

    List<ServedModel> models =
        EnsembleOptions.from(files.expand(config, environment), environment)
            .providers()
            .getFirst()
            .models();

    assertThat(models)
        .allSatisfy(
            model -> {
              Rates usual = model.price().rates();
              assertThat(usual.input()).as(model.id()).isPositive().isLessThan(usual.output());
              assertThat(usual.cached()).isPositive().isLessThanOrEqualTo(usual.input());
              assertThat(model.price().tiers())
                  .allSatisfy(
                      tier -> {
                        assertThat(tier.rates().input()).isGreaterThan(usual.input());
                        assertThat(tier.rates().output()).isGreaterThan(usual.output());
                      });
              assertThat(model.maxOutputTokens()).isLessThan(model.contextWindow());
            });
  }

  @Test
  void anotherServerThanOpenAiHasNoPricesOfOpenAi() {
    Map<String, String> elsewhere =
        Map.of("OPENAI_API_KEY", "sk-test", "OPENAI_BASE_URL", "http://127.0.0.1:1/v1");
    assertThat(providers(new JsonObject(), elsewhere)).isEmpty();
  }

  @Test
  void aNameStandsForItsFileAndAnEntryForItself() {
    JsonArray configured = JsonArray.of("local", new JsonObject().put("name", "mine"));
    JsonArray expanded =
        providers(
            new JsonObject().put("ensemble", new JsonObject().put("providers", configured)),
            WITH_KEY);
    assertThat(expanded.getJsonObject(0).getString("type")).isEqualTo("openai-compatible");
    assertThat(expanded.getJsonObject(1).getString("name")).isEqualTo("mine");
  }

  @Test
  void aNameThatLeavesTheFolderIsRefused() {
    JsonObject config =
        new JsonObject()
            .put("ensemble", new JsonObject().put("providers", JsonArray.of("../concert")));
    assertThatThrownBy(() -> files.expand(config, Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("../concert");
  }

  @Test
  void whatIsNoListIsRefusedByName() {
    JsonObject config =
        new JsonObject().put("ensemble", new JsonObject().put("providers", "openai"));
    assertThatThrownBy(() -> files.expand(config, Map.of()))
        .hasMessageContaining("ensemble.providers must be a list");
  }

  private JsonArray providers(JsonObject config, Map<String, String> environment) {
    return files.expand(config, environment).getJsonObject("ensemble").getJsonArray("providers");
  }
}
