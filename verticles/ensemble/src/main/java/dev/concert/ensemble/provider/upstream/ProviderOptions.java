package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.model.ServedModel;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One provider as it is configured.
 *
 * @param baseUrl what the vendor's paths are appended to
 * @param keyVariable the environment variable the key comes from; empty: the server takes no key
 * @param key the key itself, a secret; empty although a variable is named: not usable
 * @param headers sent with each request besides the vendor's own
 * @param maxTokensField {@code max_tokens} or {@code max_completion_tokens}, for Chat Completions
 * @param serverTools types of tools on the provider's side that clients may ask for
 * @param endpoint name of this way to the provider, where it has several
 * @param limit how much this way may be sent in a minute
 */
public record ProviderOptions(
    String name,
    ProviderType type,
    URI baseUrl,
    Optional<String> keyVariable,
    Optional<String> key,
    Map<String, String> headers,
    String maxTokensField,
    Set<String> serverTools,
    List<ServedModel> models,
    Optional<String> endpoint,
    RateLimit limit) {

  /** A provider with one way to it. */
  public ProviderOptions(
      String name,
      ProviderType type,
      URI baseUrl,
      Optional<String> keyVariable,
      Optional<String> key,
      Map<String, String> headers,
      String maxTokensField,
      Set<String> serverTools,
      List<ServedModel> models) {
    this(
        name,
        type,
        baseUrl,
        keyVariable,
        key,
        headers,
        maxTokensField,
        serverTools,
        models,
        Optional.empty(),
        RateLimit.NONE);
  }

  public ProviderOptions {
    headers = Map.copyOf(headers);
    serverTools = Set.copyOf(serverTools);
    models = List.copyOf(models);
  }

  /** OpenAI's own newer models refuse {@code max_tokens}; most other servers know only that. */
  public static String usualMaxTokensField(URI baseUrl) {
    return "api.openai.com".equals(baseUrl.getHost()) ? "max_completion_tokens" : "max_tokens";
  }

  /** The same provider by another way. */
  public ProviderOptions at(
      String otherEndpoint,
      URI otherUrl,
      Optional<String> variable,
      Optional<String> otherKey,
      RateLimit otherLimit) {
    return new ProviderOptions(
        name,
        type,
        otherUrl,
        variable,
        otherKey,
        headers,
        maxTokensField,
        serverTools,
        models,
        Optional.of(otherEndpoint),
        otherLimit);
  }

  /** The name of this way to the provider: its own, and the endpoint's where it has several. */
  public String way() {
    return endpoint.map(id -> name + "/" + id).orElse(name);
  }

  boolean hasKey() {
    return keyVariable.isEmpty() || key.isPresent();
  }

  @Override
  public String toString() {
    return "ProviderOptions[name=" + name + ", host=" + baseUrl.getHost() + "]";
  }
}
