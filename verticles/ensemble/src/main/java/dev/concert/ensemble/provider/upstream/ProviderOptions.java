package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.limit.RateLimit;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.foundation.proxy.OutboundProxies;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The configuration of one provider endpoint.
 *
 * @param baseUrl the URL to which the vendor's paths are appended
 * @param keyVariable the environment variable of the key; empty: the server needs no key
 * @param key the key, a secret; if empty although a variable is named, the provider cannot be used
 * @param headers additional headers of each request
 * @param maxTokensField {@code max_tokens} or {@code max_completion_tokens}, for Chat Completions
 * @param serverTools types of the provider's server tools that clients may use
 * @param omittedFields fields at the top of a request's body that the server does not know
 * @param endpoint the name of this endpoint, if the provider has several
 * @param limit the limit of this endpoint per minute
 * @param proxies between Ensemble and this endpoint, and servers that it needs
 * @param cloud how the models of a cloud are reached; empty for other providers
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
    Set<String> omittedFields,
    List<ServedModel> models,
    Optional<String> endpoint,
    RateLimit limit,
    OutboundProxies proxies,
    Optional<CloudAccess> cloud) {

  /** A provider with one endpoint and no limit. */
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
        Set.of(),
        models,
        Optional.empty(),
        RateLimit.NONE,
        OutboundProxies.NONE,
        Optional.empty());
  }

  public ProviderOptions {
    headers = Map.copyOf(headers);
    serverTools = Set.copyOf(serverTools);
    omittedFields = Set.copyOf(omittedFields);
    models = List.copyOf(models);
  }

  /** OpenAI's own newer models refuse {@code max_tokens}; most other servers know only that. */
  public static String usualMaxTokensField(URI baseUrl) {
    return "api.openai.com".equals(baseUrl.getHost()) ? "max_completion_tokens" : "max_tokens";
  }

  /** Another endpoint of the same provider. */
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
        omittedFields,
        models,
        Optional.of(otherEndpoint),
        otherLimit,
        proxies,
        cloud);
  }

  /** The same endpoint, called through these proxies. */
  public ProviderOptions through(OutboundProxies other) {
    return new ProviderOptions(
        name,
        type,
        baseUrl,
        keyVariable,
        key,
        headers,
        maxTokensField,
        serverTools,
        omittedFields,
        models,
        endpoint,
        limit,
        other,
        cloud);
  }

  /** The same endpoint, reached in this way. */
  public ProviderOptions in(CloudAccess other) {
    return new ProviderOptions(
        name,
        type,
        baseUrl,
        keyVariable,
        key,
        headers,
        maxTokensField,
        serverTools,
        omittedFields,
        models,
        endpoint,
        limit,
        proxies,
        Optional.of(other));
  }

  /** The name of this endpoint: the provider's name, with the endpoint's if it has several. */
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
