package dev.concert.ensemble;

import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.openai.OpenAiOptions;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one entry of {@code ensemble.providers}. */
final class ProviderConfig {
  private static final int DEFAULT_CONTEXT = 128_000;
  private static final int DEFAULT_OUTPUT = 8_192;
  private static final int MOST_TOKENS = 100_000_000;

  private ProviderConfig() {}

  static OpenAiOptions read(ConfigSection section, Map<String, String> environment) {
    String name = section.text("name");
    if (!"openai-compatible".equals(section.text("type"))) {
      throw section.wrong("type", "must be 'openai-compatible'");
    }
    URI baseUrl = section.url("baseUrl");
    Optional<String> keyVariable = section.optionalText("apiKeyEnv");
    List<ServedModel> models =
        section.sections("models").stream().map(model -> model(model, name)).toList();
    if (models.isEmpty()) {
      throw section.wrong("models", "must name at least one model");
    }
    return new OpenAiOptions(
        name,
        baseUrl,
        keyVariable,
        keyVariable.map(environment::get).filter(key -> !key.isBlank()),
        section
            .optionalText("maxTokensField")
            .orElseGet(() -> OpenAiOptions.usualMaxTokensField(baseUrl)),
        models);
  }

  private static ServedModel model(ConfigSection section, String provider) {
    String id = section.text("id");
    BigDecimal inputPrice = section.money("inputPrice", BigDecimal.ZERO);
    return new ServedModel(
        id,
        section.optionalText("upstreamId").orElse(id),
        provider,
        section.number("contextWindow", 1, MOST_TOKENS, DEFAULT_CONTEXT),
        section.number("maxOutputTokens", 1, MOST_TOKENS, DEFAULT_OUTPUT),
        section.flag("tools", true),
        section.flag("thinking", false),
        section.flag("images", false),
        new Price(
            inputPrice,
            section.money("outputPrice", BigDecimal.ZERO),
            // Without a discount of its own, a cached token costs what any other does.
            section.money("cachedPrice", inputPrice)),
        section.seconds("stallTimeoutSeconds", ServedModel.DEFAULT_STALL),
        section.seconds("totalTimeoutSeconds", ServedModel.DEFAULT_TOTAL));
  }
}
