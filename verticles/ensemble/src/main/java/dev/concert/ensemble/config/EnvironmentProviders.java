package dev.concert.ensemble.config;

import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.Price;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.provider.upstream.ProviderType;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Providers that need no configuration because a vendor's key is in the environment, under the name
 * that the vendor's SDK reads, for example {@code ANTHROPIC_API_KEY} with {@code
 * ANTHROPIC_BASE_URL} and {@code ANTHROPIC_MODEL}.
 *
 * <p>Their models have no price. Prices are in conf/providers, for users who configure a provider.
 */
final class EnvironmentProviders {
  private static final Logger LOG = LoggerFactory.getLogger(EnvironmentProviders.class);
  private static final int CONTEXT = 128_000;
  private static final int OUTPUT = 16_384;

  /** Some models think without streaming, and nothing is known of this one. */
  private static final Duration STALL = Duration.ofMinutes(10);

  /** In the order of preference. */
  private static final List<Vendor> VENDORS =
      List.of(
          new Vendor(ProviderType.ANTHROPIC, "ANTHROPIC", "claude-sonnet-4-6"),
          new Vendor(ProviderType.OPENAI, "OPENAI", "gpt-5.6-luna"),
          new Vendor(ProviderType.GEMINI, "GEMINI", "gemini-3.8-flash"),
          new Vendor(ProviderType.XAI, "XAI", "grok-4.3"),
          new Vendor(ProviderType.OPENROUTER, "OPENROUTER", "openrouter/auto"));

  private EnvironmentProviders() {}

  /**
   * @param prefix of the three environment variables
   */
  private record Vendor(ProviderType type, String prefix, String usualModel) {
    String key() {
      return prefix + "_API_KEY";
    }
  }

  /** Leaves out vendors whose variable a configured provider already reads. */
  static List<ProviderOptions> of(
      Map<String, String> environment, List<ProviderOptions> configured) {
    return VENDORS.stream()
        .filter(
            vendor ->
                configured.stream()
                    .noneMatch(known -> known.keyVariable().equals(Optional.of(vendor.key()))))
        .flatMap(
            vendor ->
                value(environment, vendor.key()).stream()
                    .map(key -> options(vendor, environment, key)))
        .toList();
  }

  private static ProviderOptions options(
      Vendor vendor, Map<String, String> environment, String key) {
    Optional<String> otherUrl = value(environment, vendor.prefix() + "_BASE_URL");
    URI baseUrl = url(vendor, otherUrl.orElseGet(() -> vendor.type().usualUrl().orElseThrow()));
    // OPENAI_BASE_URL names another server, and few of those know the Responses API.
    boolean copy = vendor.type() == ProviderType.OPENAI && otherUrl.isPresent();
    String model = value(environment, vendor.prefix() + "_MODEL").orElse(vendor.usualModel());
    String name = vendor.type().word();
    LOG.info(
        "{} is set: serving the model {} at {}; no price is configured, so its cost is unknown",
        vendor.key(),
        model,
        baseUrl.getHost());
    return new ProviderOptions(
        name,
        copy ? ProviderType.OPENAI_COMPATIBLE : vendor.type(),
        baseUrl,
        Optional.of(vendor.key()),
        Optional.of(key),
        Map.of(),
        ProviderOptions.usualMaxTokensField(baseUrl),
        Set.of(),
        List.of(
            new ServedModel(
                model,
                model,
                name,
                CONTEXT,
                OUTPUT,
                Capabilities.all(),
                Price.UNKNOWN,
                STALL,
                ServedModel.DEFAULT_TOTAL)));
  }

  private static URI url(Vendor vendor, String text) {
    String variable = vendor.prefix() + "_BASE_URL";
    URI url;
    try {
      url = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(variable + " must be a URL.", e);
    }
    if (url.getHost() == null) {
      throw new IllegalArgumentException(variable + " must be a URL with a host.");
    }
    return url;
  }

  private static Optional<String> value(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }
}
