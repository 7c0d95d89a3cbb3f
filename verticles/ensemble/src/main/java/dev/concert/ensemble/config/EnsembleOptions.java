package dev.concert.ensemble.config;

import dev.concert.ensemble.guardrail.GuardrailOptions;
import dev.concert.ensemble.provider.upstream.ProviderOptions;
import dev.concert.ensemble.routing.RoutingOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.objectstore.S3Options;
import dev.concert.foundation.proxy.OutboundProxies;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Configures Ensemble.
 *
 * @param host network interface to listen on
 * @param port 0 picks a free one
 * @param publicUrl base URL for agents, without a trailing slash; empty: host and port
 * @param apiKeys bearer tokens that are valid besides the agents' own; secrets
 * @param providers in the order of preference; built-in providers follow them
 * @param demoDelay pause between two blocks of a built-in model's answer
 * @param routing how a call's endpoint is chosen
 * @param control keys, admin API and shared limits
 * @param ledger SQLite file of the usage ledger; empty: usage is not recorded
 * @param drain how long open calls may continue when Ensemble stops
 * @param eventLoops how many event loops serve, at least 1
 * @param bucket has the stored responses of all nodes; empty: each node has its own
 * @param guardrails in the order in which they check
 */
public record EnsembleOptions(
    String host,
    int port,
    Optional<String> publicUrl,
    List<String> apiKeys,
    List<ProviderOptions> providers,
    Duration demoDelay,
    RoutingOptions routing,
    AccessControlOptions control,
    Optional<Path> ledger,
    Duration drain,
    int eventLoops,
    Optional<S3Options> bucket,
    List<GuardrailOptions> guardrails) {

  /** Leaves time to close within the ten seconds that container hosts usually allow. */
  static final Duration DEFAULT_DRAIN = Duration.ofSeconds(3);

  private static final int MOST_LOOPS = 128;
  private static final int MAX_PORT = 65_535;
  private static final int DEFAULT_DEMO_DELAY_MS = 8;
  private static final int MAX_DEMO_DELAY_MS = 10_000;

  /** With default routing, no API keys and no usage ledger. */
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
        AccessControlOptions.NONE,
        Optional.empty(),
        DEFAULT_DRAIN,
        cores(),
        Optional.empty(),
        List.of());
  }

  public EnsembleOptions {
    apiKeys = List.copyOf(apiKeys);
    providers = List.copyOf(providers);
    guardrails = List.copyOf(guardrails);
  }

  /**
   * Listens on a free port of this host, with the providers of the environment and no
   * configuration.
   */
  public static EnsembleOptions embedded(Map<String, String> environment) {
    return from(new JsonObject(), environment);
  }

  /**
   * Reads the section {@code ensemble} of the whole configuration.
   *
   * @param config the whole configuration; without the section all defaults apply
   * @param environment the environment variables, which hold the provider keys
   * @throws dev.concert.foundation.config.ConfigException one sentence that names the wrong key
   */
  public static EnsembleOptions from(JsonObject config, Map<String, String> environment) {
    ConfigReader section = ConfigReader.of(config, "ensemble");
    List<ProviderOptions> providers = new ArrayList<>();
    section
        .sections("providers")
        .forEach(provider -> providers.addAll(ProviderConfig.read(provider, environment)));
    providers.addAll(EnvironmentProviders.of(environment, providers));
    OutboundProxies proxies = OutboundProxies.of(environment);
    providers.replaceAll(one -> one.through(proxies));
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
            AccessControlOptions.read(section, environment),
            section.optionalPath("ledgerFile"),
            section.seconds("drainSeconds", DEFAULT_DRAIN),
            section.number("eventLoops", 1, MOST_LOOPS, cores()),
            bucket(section.section("s3"), environment),
            GuardrailConfig.read(section, environment, proxies));
    section.refuseUnknown();
    return options;
  }

  public EnsembleOptions withDrain(Duration other) {
    return new EnsembleOptions(
        host,
        port,
        publicUrl,
        apiKeys,
        providers,
        demoDelay,
        routing,
        control,
        ledger,
        other,
        eventLoops,
        bucket,
        guardrails);
  }

  public EnsembleOptions at(String otherHost, int otherPort) {
    return new EnsembleOptions(
        otherHost,
        otherPort,
        publicUrl,
        apiKeys,
        providers,
        demoDelay,
        routing,
        control,
        ledger,
        drain,
        eventLoops,
        bucket,
        guardrails);
  }

  public EnsembleOptions withControl(AccessControlOptions other) {
    return new EnsembleOptions(
        host,
        port,
        publicUrl,
        apiKeys,
        providers,
        demoDelay,
        routing,
        other,
        ledger,
        drain,
        eventLoops,
        bucket,
        guardrails);
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
        drain,
        eventLoops,
        bucket,
        guardrails);
  }

  public EnsembleOptions withEventLoops(int number) {
    return new EnsembleOptions(
        host,
        port,
        publicUrl,
        apiKeys,
        providers,
        demoDelay,
        routing,
        control,
        ledger,
        drain,
        number,
        bucket,
        guardrails);
  }

  public EnsembleOptions withBucket(S3Options shared) {
    return new EnsembleOptions(
        host,
        port,
        publicUrl,
        apiKeys,
        providers,
        demoDelay,
        routing,
        control,
        ledger,
        drain,
        eventLoops,
        Optional.of(shared),
        guardrails);
  }

  public EnsembleOptions withGuardrails(List<GuardrailOptions> others) {
    return new EnsembleOptions(
        host,
        port,
        publicUrl,
        apiKeys,
        providers,
        demoDelay,
        routing,
        control,
        ledger,
        drain,
        eventLoops,
        bucket,
        others);
  }

  private static Optional<S3Options> bucket(ConfigReader s3, Map<String, String> environment) {
    Optional<S3Options> bucket = S3Options.from(s3, environment, "ENSEMBLE_S3_BUCKET");
    s3.refuseUnknown();
    return bucket;
  }

  private static int cores() {
    return Math.min(MOST_LOOPS, Runtime.getRuntime().availableProcessors());
  }

  @Override
  public String toString() {
    return "EnsembleOptions[host=%s, port=%d, apiKeys=%d, providers=%s]"
        .formatted(host, port, apiKeys.size(), providers);
  }

  private static List<String> keys(ConfigReader section, Map<String, String> environment) {
    List<String> keys = new ArrayList<>(section.texts("apiKeys"));
    Optional.ofNullable(environment.get("ENSEMBLE_API_KEY"))
        .filter(key -> !key.isBlank())
        .ifPresent(keys::add);
    return keys;
  }
}
