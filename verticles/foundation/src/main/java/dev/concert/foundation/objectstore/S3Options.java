package dev.concert.foundation.objectstore;

import dev.concert.foundation.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/**
 * Where a bucket is, and who asks.
 *
 * @param endpoint of a server other than Amazon's; it is asked path-style, as MinIO wants it
 * @param credentials empty: those that the AWS SDK finds by itself (profile, role of the machine)
 */
public record S3Options(
    String bucket, String region, Optional<URI> endpoint, Optional<Credentials> credentials) {
  private static final String DEFAULT_REGION = "us-east-1";

  /** A key and its secret. Does not show itself. */
  public record Credentials(String keyId, String secret) {
    @Override
    public String toString() {
      return "Credentials[...]";
    }
  }

  /**
   * From {@code bucket}, {@code region}, {@code endpoint} of the configuration, or from the named
   * variable, {@code AWS_REGION}, {@code AWS_ENDPOINT_URL} of the environment, which go first.
   * Credentials are {@code AWS_ACCESS_KEY_ID} and {@code AWS_SECRET_ACCESS_KEY} and cannot be
   * configured elsewhere. Empty where no bucket is named.
   *
   * @throws ConfigException when something is named that cannot be
   */
  public static Optional<S3Options> from(
      JsonObject config, Map<String, String> environment, String bucketVariable) {
    return value(environment, bucketVariable, config, "bucket")
        .map(
            bucket ->
                new S3Options(
                    bucket,
                    value(environment, "AWS_REGION", config, "region").orElse(DEFAULT_REGION),
                    value(environment, "AWS_ENDPOINT_URL", config, "endpoint").map(S3Options::uri),
                    credentials(environment)));
  }

  private static Optional<String> value(
      Map<String, String> environment, String variable, JsonObject config, String key) {
    return Optional.ofNullable(environment.get(variable))
        .or(() -> Optional.ofNullable(config.getValue(key)).map(Object::toString))
        .filter(value -> !value.isBlank());
  }

  private static URI uri(String text) {
    try {
      URI uri = new URI(text);
      if (uri.getHost() != null && uri.getScheme().matches("https?")) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    throw new ConfigException("The S3 endpoint '%s' is no http or https URL.".formatted(text));
  }

  private static Optional<Credentials> credentials(Map<String, String> environment) {
    Optional<String> id = Optional.ofNullable(environment.get("AWS_ACCESS_KEY_ID"));
    Optional<String> secret = Optional.ofNullable(environment.get("AWS_SECRET_ACCESS_KEY"));
    if (id.isPresent() != secret.isPresent()) {
      throw new ConfigException(
          "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY have to be set together.");
    }
    return id.map(key -> new Credentials(key, secret.orElseThrow()));
  }
}
