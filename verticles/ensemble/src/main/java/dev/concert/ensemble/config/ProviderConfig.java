package dev.concert.ensemble.config;

import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.CloudAccess;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.upstream.ProviderType;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.proxy.OutboundProxies;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads one entry of {@code ensemble.providers}. */
final class ProviderConfig {
  private static final List<String> NEEDED =
      List.of("model", "messages", "input", "contents", "stream");

  private ProviderConfig() {}

  /** One entry, or one for each of its {@code endpoints}. */
  static List<ProviderOptions> read(ConfigReader section, Map<String, String> environment) {
    ProviderOptions provider = provider(section, environment);
    List<ConfigReader> endpoints = section.sections("endpoints");
    return endpoints.isEmpty()
        ? List.of(provider)
        : endpoints.stream().map(endpoint -> endpoint(provider, endpoint, environment)).toList();
  }

  private static ProviderOptions endpoint(
      ProviderOptions provider, ConfigReader section, Map<String, String> environment) {
    Optional<String> variable = section.optionalText("apiKeyEnv").or(provider::keyVariable);
    Optional<URI> given =
        section.optionalText("baseUrl").isPresent()
            ? Optional.of(section.url("baseUrl"))
            : Optional.empty();
    CloudConfig clouds = new CloudConfig(section, environment);
    Optional<CloudAccess> cloud = provider.cloud().map(clouds::elsewhere);
    URI baseUrl =
        cloud
            .filter(one -> given.isPresent() || !one.equals(provider.cloud().get()))
            .map(one -> clouds.baseUrl(one, given))
            .or(() -> given)
            .orElseGet(provider::baseUrl);
    ProviderOptions other =
        provider.at(
            section.text("id"),
            baseUrl,
            variable,
            variable.map(environment::get).filter(key -> !key.isBlank()),
            limit(section, provider.limit()));
    return cloud.map(other::in).orElse(other);
  }

  private static ServedModel model(ConfigReader section, String provider, ProviderType type) {
    ServedModel model = ModelConfig.read(section, provider);
    if (type == ProviderType.ANTHROPIC && model.can().audio()) {
      throw section.wrong("audio", "cannot be true: Anthropic's API takes no sound");
    }
    return model;
  }

  private static Set<String> omittedFields(ConfigReader section) {
    Set<String> omitted = Set.copyOf(section.texts("omitFields"));
    if (!Collections.disjoint(omitted, NEEDED)) {
      throw section.wrong("omitFields", "cannot name a field that every request needs: " + NEEDED);
    }
    return omitted;
  }

  private static RateLimit limit(ConfigReader section, RateLimit usual) {
    return new RateLimit(
        section.number("rpmLimit", 1, (int) RateLimit.MOST, (int) usual.requests()),
        section.number("tpmLimit", 1, (int) RateLimit.MOST, (int) usual.tokens()));
  }

  private static ProviderOptions provider(ConfigReader section, Map<String, String> environment) {
    String name = section.text("name");
    ProviderType type =
        ProviderType.ofWord(section.text("type"))
            .orElseThrow(() -> section.wrong("type", "must be one of " + ProviderType.words()));
    CloudConfig clouds = new CloudConfig(section, environment);
    Optional<CloudAccess> cloud = clouds.read(type);
    Optional<URI> given =
        section.optionalText("baseUrl").isPresent()
            ? Optional.of(section.url("baseUrl"))
            : type.usualUrl().map(URI::create);
    URI baseUrl =
        cloud
            .map(one -> clouds.baseUrl(one, given))
            .orElseGet(() -> given.orElseGet(() -> section.url("baseUrl")));
    Optional<String> keyVariable =
        section.optionalText("apiKeyEnv").or(() -> cloud.flatMap(clouds::usualKeyVariable));
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
        section.optionalText("maxTokensField").orElseGet(() -> maxTokensField(type, baseUrl)),
        Set.copyOf(section.texts("serverTools")),
        omittedFields(section),
        models,
        Optional.empty(),
        limit(section, RateLimit.NONE),
        OutboundProxies.NONE,
        cloud);
  }

  /** OpenAI's own models are behind Azure's addresses, too. */
  private static String maxTokensField(ProviderType type, URI baseUrl) {
    return type == ProviderType.AZURE
        ? "max_completion_tokens"
        : ProviderOptions.usualMaxTokensField(baseUrl);
  }
}
