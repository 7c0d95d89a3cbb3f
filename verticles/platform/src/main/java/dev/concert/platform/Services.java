package dev.concert.platform;

import dev.concert.chronicle.collection.UpkeepOptions;
import dev.concert.chronicle.content.tier.BucketOptions;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.coordinator.CoordinatorOptions;
import dev.concert.ensemble.EnsembleOptions;
import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.tracing.TracingOptions;
import dev.concert.gateway.GatewayOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The options of each service, made from the platform's: one place knows how the folders lie. */
record Services(
    GatewayOptions gateway,
    CoordinatorOptions coordinator,
    EnsembleOptions ensemble,
    ChronicleOptions chronicle,
    Optional<TracingOptions> tracing) {

  private static final Set<String> SECTIONS =
      Set.of("coordinator", "ensemble", "chronicle", "tracing");

  /**
   * @throws ConfigException or IllegalArgumentException with a sentence that names the wrong key
   */
  static Services read(PlatformOptions options, Map<String, String> environment) {
    JsonObject config = options.config();
    checkSections(config);
    Path data = options.data().toAbsolutePath().normalize();
    Path instances = data.resolve("instances");
    return new Services(
        GatewayOptions.of(options.host(), options.port(), data),
        CoordinatorOptions.from(
            with(
                config,
                "coordinator",
                Map.of(
                    "instances", instances.toString(),
                    "agents", options.home().resolve("agents").toString()))),
        ensemble(options, environment),
        new ChronicleOptions(
            instances,
            data.resolve("cas"),
            mode(config),
            bucket(config, environment),
            UpkeepOptions.from(
                Optional.ofNullable(config.getJsonObject("chronicle")).orElse(new JsonObject()))),
        TracingOptions.from(config, environment));
  }

  /**
   * Those of Ensemble alone.
   *
   * @throws ConfigException or IllegalArgumentException with a sentence that names the wrong key
   */
  static EnsembleOptions ensemble(PlatformOptions options, Map<String, String> environment) {
    JsonObject config = options.config();
    checkSections(config);
    Path data = options.data().toAbsolutePath().normalize();
    return EnsembleOptions.from(
        with(
            new ProviderFiles(options.home()).expand(config, environment),
            "ensemble",
            Map.of(
                "ledgerFile", data.resolve("ledger.db").toString(),
                "keysFile", data.resolve("keys.db").toString(),
                "secretsFile", data.resolve("secrets.db").toString())),
        environment);
  }

  private static void checkSections(JsonObject config) {
    Set<String> unknown = new TreeSet<>(config.fieldNames());
    unknown.removeAll(SECTIONS);
    if (!unknown.isEmpty()) {
      throw new ConfigException(
          "The configuration has no section '%s'; there are: %s."
              .formatted(unknown.iterator().next(), String.join(", ", new TreeSet<>(SECTIONS))));
    }
    for (String section : config.fieldNames()) {
      if (config.getValue(section) != null && !(config.getValue(section) instanceof JsonObject)) {
        throw new ConfigException(
            "The section '%s' of the configuration must be a mapping of names to values."
                .formatted(section));
      }
    }
  }

  private static ChronicleOptions.Mode mode(JsonObject config) {
    String mode =
        Optional.ofNullable(config.getJsonObject("chronicle"))
            .map(section -> section.getString("mode"))
            .orElse("auto");
    return Arrays.stream(ChronicleOptions.Mode.values())
        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(mode))
        .findFirst()
        .orElseThrow(
            () ->
                new ConfigException(
                    "chronicle.mode is '%s', but must be one of: auto, fuse, folder."
                        .formatted(mode)));
  }

  private static Optional<BucketOptions> bucket(
      JsonObject config, Map<String, String> environment) {
    Object section =
        Optional.ofNullable(config.getJsonObject("chronicle"))
            .map(chronicle -> chronicle.getValue("s3"))
            .orElse(new JsonObject());
    if (section instanceof JsonObject s3) {
      return BucketOptions.from(s3, environment);
    }
    throw new ConfigException("chronicle.s3 must be a mapping of names to values.");
  }

  /** The configuration with values in a section that the section itself may replace. */
  private static JsonObject with(JsonObject config, String section, Map<String, Object> defaults) {
    JsonObject given = Optional.ofNullable(config.getJsonObject(section)).orElse(new JsonObject());
    JsonObject all = new JsonObject(new java.util.HashMap<>(defaults)).mergeIn(given);
    return config.copy().put(section, all);
  }
}
