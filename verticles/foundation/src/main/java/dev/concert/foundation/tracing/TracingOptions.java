package dev.concert.foundation.tracing;

import dev.concert.foundation.config.ConfigException;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
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
  private static final Set<String> SETTINGS = Set.of("endpoint", "serviceName", "sampleRatio");

  /**
   * Reads the section {@code tracing} of the whole configuration.
   *
   * @return empty where neither it nor the environment ({@code OTEL_EXPORTER_OTLP_ENDPOINT}) names
   *     an endpoint
   * @throws ConfigException one sentence that names the wrong setting
   */
  public static Optional<TracingOptions> from(JsonObject config, Map<String, String> environment) {
    JsonObject section = section(config);
    Set<String> unknown = new TreeSet<>(section.fieldNames());
    unknown.removeAll(SETTINGS);
    if (!unknown.isEmpty()) {
      throw new ConfigException(
          "tracing.%s is not known; there are: %s."
              .formatted(unknown.iterator().next(), String.join(", ", new TreeSet<>(SETTINGS))));
    }
    TracingOptions options = new TracingOptions(endpoint(section), name(section), ratio(section));
    return options.endpoint().isPresent() || namesEndpoint(environment)
        ? Optional.of(options)
        : Optional.empty();
  }

  private static JsonObject section(JsonObject config) {
    return switch (config.getValue("tracing")) {
      case null -> new JsonObject();
      case JsonObject values -> values;
      default -> throw new ConfigException("tracing must be a mapping of names to values.");
    };
  }

  private static boolean namesEndpoint(Map<String, String> environment) {
    return Stream.of("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
        .map(name -> environment.getOrDefault(name, ""))
        .anyMatch(value -> !value.isBlank());
  }

  private static Optional<URI> endpoint(JsonObject section) {
    return switch (section.getValue("endpoint")) {
      case null -> Optional.empty();
      case String text when text.matches("https?://[^/\\s]+(/\\S*)?") ->
          Optional.of(URI.create(text.replaceAll("/+$", "")));
      default ->
          throw new ConfigException(
              "tracing.endpoint must be a URL, for example http://localhost:4318.");
    };
  }

  private static String name(JsonObject section) {
    return switch (section.getValue("serviceName")) {
      case null -> "concert";
      case String text when !text.isBlank() -> text;
      default -> throw new ConfigException("tracing.serviceName must be a text.");
    };
  }

  private static double ratio(JsonObject section) {
    return switch (section.getValue("sampleRatio")) {
      case null -> 1;
      case Number number when number.doubleValue() >= 0 && number.doubleValue() <= 1 ->
          number.doubleValue();
      default -> throw new ConfigException("tracing.sampleRatio must be a number from 0 to 1.");
    };
  }
}
