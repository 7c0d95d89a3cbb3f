package dev.concert.platform;

import dev.concert.automations.AutomationsOptions;
import dev.concert.bridges.BridgesOptions;
import dev.concert.chronicle.content.tier.BucketOptions;
import dev.concert.chronicle.gc.GcOptions;
import dev.concert.chronicle.versioning.VersioningPolicy;
import dev.concert.chronicle.workspace.ChronicleOptions;
import dev.concert.coordinator.config.CoordinatorOptions;
import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.config.DeploymentMode;
import dev.concert.foundation.tracing.TracingOptions;
import dev.concert.gateway.GatewayOptions;
import dev.concert.github.GitHubOptions;
import dev.concert.platform.backup.BackupOptions;
import dev.concert.platform.cluster.ClusterOptions;
import dev.concert.platform.cluster.NodeRole;
import dev.concert.platform.folder.FolderRoots;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of each service, derived from the platform's. The layout of the data folder is here.
 */
record Services(
    GatewayOptions gateway,
    BridgesOptions bridges,
    GitHubOptions github,
    AutomationsOptions automations,
    CoordinatorOptions coordinator,
    EnsembleOptions ensemble,
    ChronicleOptions chronicle,
    Optional<TracingOptions> tracing,
    Optional<ClusterOptions> cluster,
    Optional<BackupOptions> backup,
    FolderRoots folders) {

  /**
   * @throws ConfigException with a sentence that names the wrong key
   */
  static Services read(PlatformOptions options, Map<String, String> environment) {
    JsonObject config = options.config();
    checkSections(config);
    Path data = options.data().toAbsolutePath().normalize();
    Path instances = data.resolve("instances");
    ConfigReader chronicle = ConfigReader.of(config, "chronicle");
    Optional<ClusterOptions> cluster = ClusterOptions.from(config);
    ConfigReader gateway = ConfigReader.of(config, "gateway");
    DeploymentMode mode = DeploymentMode.from(config);
    Services services =
        new Services(
            GatewayOptions.of(options.host(), options.port(), data)
                .configured(gateway, environment, mode),
            BridgesOptions.from(ConfigReader.of(config, "bridges"), data, environment),
            GitHubOptions.from(config, data, environment),
            AutomationsOptions.from(
                ConfigReader.of(config, "automations"), data, options.home(), environment),
            CoordinatorOptions.from(
                with(config, "coordinator", agentFolders(options, environment, mode))),
            reachable(ensemble(options, environment), config, cluster),
            new ChronicleOptions(
                instances,
                data.resolve("cas"),
                chronicle.choice("mode", ChronicleOptions.Mode.class, ChronicleOptions.Mode.AUTO),
                chronicle.choice(
                    "binding", ChronicleOptions.Binding.class, ChronicleOptions.Binding.KERNEL),
                BucketOptions.from(chronicle.section("s3"), environment),
                GcOptions.from(chronicle),
                VersioningPolicy.from(chronicle.section("versioning"))),
            TracingOptions.from(config, environment),
            cluster,
            BackupOptions.from(config, environment)
                .map(backup -> backup.withDefaultProgram(options.home())),
            FolderRoots.from(ConfigReader.of(config, "projects")));
    if (services.backup().isPresent() && services.chronicle().bucket().isEmpty()) {
      throw new ConfigException(
          "backup.bucket",
          "backup.bucket needs chronicle.s3.bucket, too: the contents of files go there.");
    }
    chronicle.refuseUnknown();
    gateway.refuseUnknown();
    services.verify(mode);
    return services;
  }

  /**
   * A person's own machine has their own profile and toolchains; a server of many has none but
   * those it is given.
   */
  private static Map<String, Object> agentFolders(
      PlatformOptions options, Map<String, String> environment, DeploymentMode mode) {
    Path data = options.data().toAbsolutePath().normalize();
    Map<String, Object> folders = new HashMap<>();
    folders.put("instances", data.resolve("instances").toString());
    folders.put("agents", options.home().resolve("agents").toString());
    folders.put("profiles", data.resolve("profiles").toString());
    if (mode == DeploymentMode.DEVELOPMENT) {
      String named = environment.getOrDefault("XDG_CONFIG_HOME", "");
      Path settings =
          named.isBlank() ? Path.of(System.getProperty("user.home"), ".config") : Path.of(named);
      folders.put("personalProfile", settings.resolve("concert").toString());
      folders.put("toolchains", System.getProperty("user.home"));
    }
    return folders;
  }

  private void verify(DeploymentMode mode) {
    boolean isProduction = mode == DeploymentMode.PRODUCTION;
    if (runs(NodeRole.GATEWAY)) {
      if (isProduction) {
        ProductionRules.verify(gateway);
      }
      gateway.access().verify(gateway.host(), gateway.auth().isPresent());
    }
    if (!folders.roots().isEmpty() && (isProduction || gateway.auth().isPresent())) {
      throw new ConfigException(
          "projects.roots",
          "projects.roots is for a developer's own server: not for production, and not beside a"
              + " sign-in.");
    }
    if (isProduction && runs(NodeRole.ENSEMBLE)) {
      ProductionRules.verify(ensemble);
    }
  }

  private boolean runs(NodeRole role) {
    return cluster.map(node -> node.roles().contains(role)).orElse(true);
  }

  /** In a cluster, agents of other nodes reach Ensemble unless its host is configured. */
  private static EnsembleOptions reachable(
      EnsembleOptions ensemble, JsonObject config, Optional<ClusterOptions> cluster) {
    return cluster
        .filter(_ -> !section(config, "ensemble").containsKey("host"))
        .map(node -> ensemble.at(node.host(), ensemble.port()))
        .orElse(ensemble);
  }

  /**
   * Those of Ensemble alone.
   *
   * @throws ConfigException with a sentence that names the wrong key
   */
  static EnsembleOptions ensemble(PlatformOptions options, Map<String, String> environment) {
    JsonObject config = options.config();
    checkSections(config);
    Path data = options.data().toAbsolutePath().normalize();
    JsonObject complete =
        with(
            new ProviderFiles(options.home()).expand(config, environment),
            "ensemble",
            Map.of(
                "ledgerFile", data.resolve("ledger.db").toString(),
                "keysFile", data.resolve("keys.db").toString(),
                "secretsFile", data.resolve("secrets.db").toString()));
    return EnsembleOptions.from(complete, environment);
  }

  private static void checkSections(JsonObject config) {
    ConfigReader root = ConfigReader.root(config);
    // The services read these themselves.
    List.of(
            "gateway",
            "automations",
            "bridges",
            "chronicle",
            "coordinator",
            "ensemble",
            "forges",
            "github",
            "logging",
            "projects",
            "tracing",
            "cluster",
            "backup")
        .forEach(name -> root.section(name).keys());
    root.choice("mode", DeploymentMode.class, DeploymentMode.DEVELOPMENT);
    root.refuseUnknown();
  }

  private static JsonObject section(JsonObject config, String name) {
    return Optional.ofNullable(config.getJsonObject(name)).orElseGet(JsonObject::new);
  }

  /** The configuration with values in a section that the section itself may replace. */
  private static JsonObject with(JsonObject config, String section, Map<String, Object> defaults) {
    JsonObject all = new JsonObject(new HashMap<>(defaults)).mergeIn(section(config, section));
    return config.copy().put(section, all);
  }
}
