package dev.concert.ensemble;

import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.routing.RoutingOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How Ensemble runs.
 *
 * @param host interface to listen on
 * @param port 0 picks a free one
 * @param publicUrl base URL by which agents reach it, without a trailing slash; empty: host and
 *     port
 * @param apiKeys bearer tokens that are valid besides those of instances; secrets
 * @param providers in the order of preference; the demo model follows them
 * @param demoDelay pause between two blocks of the demo model
 * @param routing how calls find their endpoint
 * @param control who may call, and how several nodes are held together
 * @param ledger SQLite file in which calls are written down; empty: nobody keeps books
 * @param drain how long open answers may go on when Ensemble is stopped
 */
public record EnsembleOptions(
    String host,
    int port,
    Optional<String> publicUrl,
    List<String> apiKeys,
    List<ProviderOptions> providers,
    Duration demoDelay,
    RoutingOptions routing,
    ControlOptions control,
    Optional<Path> ledger,
    Duration drain) {

  /** What is left of the ten seconds that container hosts usually give a process. */
  static final Duration DEFAULT_DRAIN = Duration.ofSeconds(3);

  private static final int MAX_PORT = 65_535;
  private static final int DEFAULT_DEMO_DELAY_MS = 8;
  private static final int MAX_DEMO_DELAY_MS = 10_000;

  /** Routed as usual. */
  public EnsembleOptions(
      String host,
      int port,
      Optional<String> publicUrl,
      List<String> apiKeys,
      List<ProviderOptions> providers,
      Duration demoDelay) {
    this(
        host,
        port,
        publicUrl,
        apiKeys,
        providers,
        demoDelay,
        RoutingOptions.DEFAULT,
        ControlOptions.NONE,
        Optional.empty(),
        DEFAULT_DRAIN);
  }

  public EnsembleOptions {
    apiKeys = List.copyOf(apiKeys);
    providers = List.copyOf(providers);
  }

  /** On a free port of this host, with what the environment offers and no configuration. */
  public static EnsembleOptions embedded(Map<String, String> environment) {
    return from(new JsonObject(), environment);
  }

  /**
   * Reads the section {@code ensemble} of the whole configuration.
   *
   * @param config the whole configuration; without the section everything has its default
   * @param environment where keys of providers are looked up
   * @throws IllegalArgumentException one sentence that names the wrong key
   */
  public static EnsembleOptions from(JsonObject config, Map<String, String> environment) {
    ConfigSection section = section(config);
    List<ProviderOptions> providers = new ArrayList<>();
    section
        .sections("providers")
        .forEach(provider -> providers.addAll(ProviderConfig.read(provider, environment)));
    providers.addAll(EnvironmentProvider.of(environment, providers));
    EnsembleOptions options =
        new EnsembleOptions(
            section.optionalText("host").orElse("127.0.0.1"),
            section.number("port", 0, MAX_PORT, 0),
            section.optionalText("publicUrl").map(url -> url.replaceAll("/+$", "")),
            keys(section, environment),
            providers,
            Duration.ofMillis(
                section.number("demoDelayMs", 0, MAX_DEMO_DELAY_MS, DEFAULT_DEMO_DELAY_MS)),
            RoutingConfig.read(section),
            ControlOptions.read(section, environment),
            section.optionalText("ledgerFile").map(Path::of),
            section.seconds("drainSeconds", DEFAULT_DRAIN));
    section.refuseUnknown();
    return options;
  }

  public EnsembleOptions withDrain(Duration other) {
    return new EnsembleOptions(
        host, port, publicUrl, apiKeys, providers, demoDelay, routing, control, ledger, other);
  }

  public EnsembleOptions at(String otherHost, int otherPort) {
    return new EnsembleOptions(
        otherHost, otherPort, publicUrl, apiKeys, providers, demoDelay, routing, control, ledger,
        drain);
  }

  public EnsembleOptions withPort(int other) {
    return new EnsembleOptions(
        host, other, publicUrl, apiKeys, providers, demoDelay, routing, control, ledger, drain);
  }

  public EnsembleOptions withControl(ControlOptions other) {
    return new EnsembleOptions(
        host, port, publicUrl, apiKeys, providers, demoDelay, routing, other, ledger, drain);
  }

  public EnsembleOptions withLedger(Path file) {
    return new EnsembleOptions(
        host,
        port,
        publicUrl,
        apiKeys,
        providers,
        demoDelay,
        routing,
        control,
        Optional.of(file),
        drain);
  }

  @Override
  public String toString() {
    return "EnsembleOptions[host=%s, port=%d, apiKeys=%d, providers=%s]"
        .formatted(host, port, apiKeys.size(), providers);
  }

  private static ConfigSection section(JsonObject config) {
    return switch (config.getValue("ensemble")) {
      case null -> new ConfigSection(new JsonObject(), "ensemble");
      case JsonObject values -> new ConfigSection(values, "ensemble");
      default -> throw new IllegalArgumentException("Configuration: ensemble must be an object.");
    };
  }

  private static List<String> keys(ConfigSection section, Map<String, String> environment) {
    List<String> keys = new ArrayList<>(section.texts("apiKeys"));
    Optional.ofNullable(environment.get("ENSEMBLE_API_KEY"))
        .filter(key -> !key.isBlank())
        .ifPresent(keys::add);
    return keys;
  }
}
