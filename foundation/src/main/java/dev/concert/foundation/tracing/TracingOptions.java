package dev.concert.foundation.tracing;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where traces go.
 *
 * @param endpoint of a collector, for example {@code http://localhost:4318}; empty where the
 *     variables of the environment name it
 * @param serviceName how this server is called in traces
 * @param sampleRatio of the traces that begin here, from 0 to 1
 */
public record TracingOptions(Optional<URI> endpoint, String serviceName, double sampleRatio) {
  /**
   * Reads the section {@code tracing} of the whole configuration.
   *
   * @return empty where neither it nor the environment ({@code OTEL_EXPORTER_OTLP_ENDPOINT}) names
   *     an endpoint
   * @throws ConfigException one sentence that names the wrong setting
   */
  public static Optional<TracingOptions> from(JsonObject config, Map<String, String> environment) {
    ConfigReader section = ConfigReader.of(config, "tracing");
    TracingOptions options =
        new TracingOptions(
            section.optionalUrl("endpoint").map(TracingOptions::withoutTrailingSlash),
            section.text("serviceName", "concert"),
            section.decimal("sampleRatio", 0, 1, 1));
    section.refuseUnknown();
    return options.endpoint().isPresent() || namesEndpoint(environment)
        ? Optional.of(options)
        : Optional.empty();
  }

  private static boolean namesEndpoint(Map<String, String> environment) {
    return Stream.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        .map(name -> environment.getOrDefault(name, ""))
        .anyMatch(value -> !value.isBlank());
  }

  private static URI withoutTrailingSlash(URI url) {
    return URI.create(url.toString().replaceAll("/+$", ""));
  }
}
