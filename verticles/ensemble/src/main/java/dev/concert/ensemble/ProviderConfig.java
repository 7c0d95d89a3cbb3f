package dev.concert.ensemble;

import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.upstream.ProviderType;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one entry of {@code ensemble.providers}. */
final class ProviderConfig {
  private ProviderConfig() {}

  /** One way to the provider, or several where it has {@code endpoints}. */
  static List<ProviderOptions> read(ConfigSection section, Map<String, String> environment) {
    ProviderOptions provider = provider(section, environment);
    List<ConfigSection> endpoints = section.sections("endpoints");
    return endpoints.isEmpty()
        ? List.of(provider)
        : endpoints.stream().map(endpoint -> endpoint(provider, endpoint, environment)).toList();
  }

  private static ProviderOptions endpoint(
      ProviderOptions provider, ConfigSection section, Map<String, String> environment) {
    Optional<String> variable = section.optionalText("apiKeyEnv").or(provider::keyVariable);
    return provider.at(
        section.text("id"),
        section.optionalText("baseUrl").isPresent() ? section.url("baseUrl") : provider.baseUrl(),
        variable,
        variable.map(environment::get).filter(key -> !key.isBlank()),
        limit(section, provider.limit()));
  }

  private static ServedModel model(ConfigSection section, String provider, ProviderType type) {
    ServedModel model = ModelConfig.read(section, provider);
    if (type == ProviderType.ANTHROPIC && model.can().audio()) {
      throw section.wrong("audio", "cannot be true: Anthropic's API takes no sound");
    }
    return model;
  }

  private static RateLimit limit(ConfigSection section, RateLimit usual) {
    return new RateLimit(
        section.number("rpmLimit", 1, (int) RateLimit.MOST, (int) usual.requests()),
        section.number("tpmLimit", 1, (int) RateLimit.MOST, (int) usual.tokens()));
  }

  private static ProviderOptions provider(ConfigSection section, Map<String, String> environment) {
    String name = section.text("name");
    ProviderType type =
        ProviderType.ofWord(section.text("type"))
            .orElseThrow(() -> section.wrong("type", "must be one of " + ProviderType.words()));
    URI baseUrl =
        type.usualUrl()
            .filter(usual -> section.optionalText("baseUrl").isEmpty())
            .map(URI::create)
            .orElseGet(() -> section.url("baseUrl"));
    Optional<String> keyVariable = section.optionalText("apiKeyEnv");
    List<ServedModel> models =
        section.sections("models").stream().map(model -> model(model, name, type)).toList();
    if (models.isEmpty()) {
      throw section.wrong("models", "must name at least one model");
    }
    return new ProviderOptions(
        name,
        type,
        baseUrl,
        keyVariable,
        keyVariable.map(environment::get).filter(key -> !key.isBlank()),
        section.textMap("headers"),
        section
            .optionalText("maxTokensField")
            .orElseGet(() -> ProviderOptions.usualMaxTokensField(baseUrl)),
        Set.copyOf(section.texts("serverTools")),
        models,
        Optional.empty(),
        limit(section, RateLimit.NONE));
  }
}
