package dev.concert.ensemble;

import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.openai.OpenAiOptions;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The provider that appears by itself when {@code OPENAI_API_KEY} is set, with {@code
 * OPENAI_BASE_URL} and {@code OPENAI_MODEL} as the vendors' own SDKs and tools read them.
 *
 * <p>Its model has no price: what the vendor takes is in conf/providers, for those who configure
 * it.
 */
final class EnvironmentProvider {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentProvider.class);
  private static final String KEY = "OPENAI_API_KEY";
  private static final String DEFAULT_URL = "https://api.openai.com/v1";
  private static final String DEFAULT_MODEL = "gpt-5-mini";
  private static final int CONTEXT = 128_000;
  private static final int OUTPUT = 16_384;

  private EnvironmentProvider() {}

  /** Empty without the variable, or when a configured provider reads it already. */
  static Optional<OpenAiOptions> of(
      Map<String, String> environment, List<OpenAiOptions> configured) {
    boolean taken =
        configured.stream().anyMatch(provider -> provider.keyVariable().equals(Optional.of(KEY)));
    return taken ? Optional.empty() : value(environment, KEY).map(key -> of(environment, key));
  }

  private static OpenAiOptions of(Map<String, String> environment, String key) {
    URI baseUrl = url(value(environment, "OPENAI_BASE_URL").orElse(DEFAULT_URL));
    String model = value(environment, "OPENAI_MODEL").orElse(DEFAULT_MODEL);
    LOG.info(
        "{} is set: the model {} at {} is served; its price is not configured, so its cost is 0",
        KEY,
        model,
        baseUrl.getHost());
    return new OpenAiOptions(
        "openai",
        baseUrl,
        Optional.of(KEY),
        Optional.of(key),
        OpenAiOptions.usualMaxTokensField(baseUrl),
        List.of(
            new ServedModel(
                model,
                model,
                "openai",
                CONTEXT,
                OUTPUT,
                true,
                true,
                true,
                Price.FREE,
                ServedModel.DEFAULT_STALL,
                ServedModel.DEFAULT_TOTAL)));
  }

  private static URI url(String text) {
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("OPENAI_BASE_URL must be a URL.", e);
    }
    if (url.getHost() == null) {
      throw new IllegalArgumentException("OPENAI_BASE_URL must be a URL with a host.");
    }
    return url;
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
