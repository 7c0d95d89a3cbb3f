package dev.concert.foundation.objectstore;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.proxy.OutboundProxies;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/**
 * Location of a bucket, and credentials for it.
 *
 * @param endpoint of a server other than Amazon's, addressed path-style, as MinIO needs it
 * @param credentials empty: the AWS SDK looks for them itself (profile, role of the machine)
 * @param proxy on the way to the server; empty to call it directly
 */
public record S3Options(
    String bucket,
    String region,
    Optional<URI> endpoint,
    Optional<Credentials> credentials,
    Optional<ProxyOptions> proxy) {
  private static final String DEFAULT_REGION = "us-east-1";

  /** A key and its secret. {@code toString} shows neither. */
  public record Credentials(String keyId, String secret) {
    @Override
    public String toString() {
      return "Credentials[...]";
    }
  }

  /**
   * Reads {@code bucket}, {@code region} and {@code endpoint}. The named variable, {@code
   * AWS_REGION} and {@code AWS_ENDPOINT_URL} of the environment override them. Credentials come
   * from {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY} only, the proxy from the
   * variables of {@link OutboundProxies}. Empty where no bucket is named.
   *
   * @throws ConfigException when a setting or a variable is wrong
   */
  public static Optional<S3Options> from(
      ConfigReader section, Map<String, String> environment, String bucketVariable) {
    Optional<String> bucket = section.optionalText("bucket");
    Optional<String> region = section.optionalText("region");
    Optional<URI> endpoint = section.optionalUrl("endpoint");
    return variable(environment, bucketVariable)
        .or(() -> bucket)
        .map(name -> of(name, region, endpoint, environment));
  }

  private static S3Options of(
      String bucket,
      Optional<String> usualRegion,
      Optional<URI> usualEndpoint,
      Map<String, String> environment) {
    String region =
        variable(environment, "AWS_REGION").or(() -> usualRegion).orElse(DEFAULT_REGION);
    Optional<URI> endpoint =
        variable(environment, "AWS_ENDPOINT_URL").map(S3Options::uri).or(() -> usualEndpoint);
    URI server =
        endpoint.orElseGet(() -> URI.create("https://s3.%s.amazonaws.com".formatted(region)));
    return new S3Options(
        bucket, region, endpoint, credentials(environment), proxy(server, environment));
  }

  /** Amazon's SDK knows no other kind of proxy. */
  private static Optional<ProxyOptions> proxy(URI server, Map<String, String> environment) {
    Optional<ProxyOptions> proxy = OutboundProxies.of(environment).to(server);
    if (proxy.filter(one -> one.getType() != ProxyType.HTTP).isPresent()) {
      throw new ConfigException(
          "A bucket is reached through an HTTP proxy only. Set HTTPS_PROXY and HTTP_PROXY to one,"
              + " or add %s to NO_PROXY.".formatted(server.getHost()));
    }
    return proxy;
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null && uri.getScheme().matches("https?")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // The exception below covers it.
    }
    throw new ConfigException("The S3 endpoint '%s' is not an http or https URL.".formatted(text));
  }

  private static Optional<Credentials> credentials(Map<String, String> environment) {
    Optional<String> id = Optional.ofNullable(environment.get("AWS_ACCESS_KEY_ID"));
    Optional<String> secret = Optional.ofNullable(environment.get("AWS_SECRET_ACCESS_KEY"));
    if (id.isPresent() != secret.isPresent()) {
      throw new ConfigException(
          "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must be set together.");
    }
    return id.map(key -> new Credentials(key, secret.orElseThrow()));
  }
}
