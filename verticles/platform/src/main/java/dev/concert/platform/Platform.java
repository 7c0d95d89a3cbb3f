package dev.concert.platform;

import dev.concert.automations.AutomationsVerticle;
import dev.concert.bridges.BridgesVerticle;
import dev.concert.bus.BusCodecs;
import dev.concert.chronicle.service.ChronicleVerticle;
import dev.concert.coordinator.CoordinatorVerticle;
import dev.concert.ensemble.EnsembleVerticle;
import dev.concert.foundation.tracing.Tracing;
import dev.concert.gateway.GatewayVerticle;
import dev.concert.github.GitHubVerticle;
import dev.concert.platform.backup.Backup;
import dev.concert.platform.backup.BackupException;
import dev.concert.platform.backup.BackupOptions;
import dev.concert.platform.cluster.ClusterException;
import dev.concert.platform.cluster.ClusterNode;
import dev.concert.platform.cluster.ClusterOptions;
import dev.concert.platform.cluster.NodeRole;
import dev.concert.platform.folder.FolderService;
import dev.concert.platform.log.LogOptions;
import dev.concert.platform.log.ServerLog;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Deployable;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services in one JVM: all of them, or those of a node of a cluster. */
public final class Platform implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Platform.class);
  private static final long START_SECONDS = 60;
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(9);

  /** For each service, so that a slow one does not keep the others from stopping. */
  private static final Duration STOP_SERVICE_TIMEOUT = Duration.ofSeconds(4);

  private final PlatformOptions options;
  private final DataFolder folder;
  private final Tracing tracing;
  private final Set<NodeRole> roles;
  private final Optional<ClusterNode> cluster;
  private final Vertx vertx;
  private volatile Optional<Backup> backup = Optional.empty();
  private final Deque<Deployed> deployments = new ConcurrentLinkedDeque<>();
  private final ChronicleVerticle chronicle;
  private final CoordinatorVerticle coordinator;
  private final EnsembleVerticle ensemble;
  private final GatewayVerticle gateway;
  private final BridgesVerticle bridges;
  private final GitHubVerticle github;
  private final AutomationsVerticle automations;
  private final String scheme;

  private record Deployed(String id, Deployable service) {}

  private Platform(PlatformOptions options, Services services, DataFolder folder) {
    this.options = options;
    this.folder = folder;
    this.tracing = Tracing.of(services.tracing());
    this.roles =
        services
            .cluster()
            .map(ClusterOptions::roles)
            .orElseGet(() -> EnumSet.allOf(NodeRole.class));
    this.cluster =
        services
            .cluster()
            .map(
                joining ->
                    ClusterNode.join(tracing.builder(), joining, options.home(), options.data()));
    this.vertx = cluster.map(ClusterNode::vertx).orElseGet(tracing::vertx);
    this.ensemble = new EnsembleVerticle(services.ensemble(), tracing.api());
    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    this.coordinator = new CoordinatorVerticle(services.coordinator());
    this.chronicle = new ChronicleVerticle(services.chronicle(), metrics);
    this.scheme = services.gateway().access().scheme();
    this.gateway = new GatewayVerticle(services.gateway(), metrics, ConcertVersion.current());
    this.bridges = new BridgesVerticle(services.bridges());
    this.github = new GitHubVerticle(services.github());
    this.automations = new AutomationsVerticle(services.automations());
  }

  /**
   * Starts everything; returns when clients can connect. Blocking.
   *
   * @throws PlatformException when it cannot start; the message says why
   */
  public static Platform start(PlatformOptions options) {
    ServerLog.configure(LogOptions.from(options.config(), System.getenv()));
    Services services = Services.read(options, System.getenv());
    Platform platform = create(options, services);
    try {
      platform.deploy(services);
      return platform;
    } catch (RuntimeException e) {
      platform.close();
      throw e;
    }
  }

  private static DeploymentOptions deployment(Deployable service) {
    return service instanceof ChronicleVerticle
        ? ChronicleVerticle.deployment()
        : new DeploymentOptions();
  }

  private static Platform create(PlatformOptions options, Services services) {
    DataFolder folder = DataFolder.take(options.data());
    try {
      folder.closeToOthers();
      return new Platform(options, services, folder);
    } catch (ClusterException e) {
      folder.close();
      throw new PlatformException(e.getMessage(), e);
    } catch (RuntimeException e) {
      folder.close();
      throw e;
    }
  }

  /** What this node runs, in the order in which it starts. */
  private List<Deployable> deployables(Services services) {
    List<Deployable> deployables = new ArrayList<>();
    if (roles.contains(NodeRole.CHRONICLE)) {
      deployables.add(chronicle);
    }
    if (roles.contains(NodeRole.ENSEMBLE)) {
      deployables.add(ensemble);
    }
    if (roles.contains(NodeRole.COORDINATOR)) {
      deployables.add(coordinator);
    }
    if (roles.contains(NodeRole.GATEWAY)) {
      deployables.add(gateway);
    }
    if (roles.contains(NodeRole.GATEWAY) || roles.contains(NodeRole.BRIDGES)) {
      deployables.add(bridges);
    }
    if (roles.contains(NodeRole.GATEWAY)) {
      deployables.add(github);
    }
    if (roles.contains(NodeRole.GATEWAY) || roles.contains(NodeRole.AUTOMATIONS)) {
      deployables.add(automations);
    }
    if (roles.contains(NodeRole.GATEWAY)) {
      if (!services.folders().roots().isEmpty()) {
        deployables.add(new FolderService(services.folders(), options.data(), this::url));
      }
    }
    return deployables;
  }

  private void deploy(Services services) {
    if (cluster.isEmpty()) {
      BusCodecs.register(vertx);
    }
    backup = services.backup().map(to -> startBackup(to, services, options.data()));
    backup.ifPresent(one -> gateway.watch("backup", () -> Future.succeededFuture(one.health())));
    Future<?> start = Future.succeededFuture();
    for (Deployable service : deployables(services)) {
      start =
          start
              .compose(_ -> vertx.deployVerticle(service, deployment(service)))
              .onSuccess(id -> deployments.push(new Deployed(id, service)));
    }
    try {
      start.toCompletionStage().toCompletableFuture().get(START_SECONDS, TimeUnit.SECONDS);
      cluster.ifPresent(ClusterNode::selfTest);
    } catch (ClusterException e) {
      throw new PlatformException(e.getMessage(), e);
    } catch (ExecutionException e) {
      throw explain(e.getCause());
    } catch (TimeoutException e) {
      throw new PlatformException(
          "The services did not start within %d s. `concert doctor` may show the cause."
              .formatted(START_SECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlatformException("The start was interrupted.");
    }
  }

  private static Backup startBackup(BackupOptions options, Services services, Path data) {
    try {
      return Backup.start(options, services.chronicle().bucket().orElseThrow(), data);
    } catch (BackupException e) {
      throw new PlatformException(e.getMessage(), e);
    }
  }

  private PlatformException explain(Throwable cause) {
    for (Throwable one = cause; one != null; one = one.getCause()) {
      switch (one) {
        case BindException refused when isOfAnotherMachine(refused) -> {
          return unknownHost();
        }
        case BindException _ -> {
          return new PlatformException(
              "Port %d on %s is already in use. Stop the program that listens there, or choose another with --port (0 picks a free one)."
                  .formatted(options.port(), options.host()));
        }
        case UnresolvedAddressException _ -> {
          return unknownHost();
        }
        case UnknownHostException _ -> {
          return unknownHost();
        }
        default -> {
          // The reason may lie deeper.
        }
      }
    }
    return new PlatformException("The services did not start: " + cause.getMessage(), cause);
  }

  private static boolean isOfAnotherMachine(BindException refused) {
    return String.valueOf(refused.getMessage()).contains("assign requested address");
  }

  private PlatformException unknownHost() {
    return new PlatformException(
        "This machine has no address '%s' to listen on. Choose another with --host."
            .formatted(options.host()));
  }

  /** Serves what the files say about Ensemble's providers whenever they change. */
  public void follow(ConfigSource source) {
    source.follow(
        vertx, ensemble, config -> Services.ensemble(options.with(config), System.getenv()));
  }

  /** Whether clients connect to this node. */
  public boolean hasGateway() {
    return roles.contains(NodeRole.GATEWAY);
  }

  /** Where clients connect to, for example {@code http://127.0.0.1:8080}. */
  public String url() {
    String name = options.host().equals("0.0.0.0") ? "127.0.0.1" : options.host();
    return "%s://%s:%d"
        .formatted(scheme, name.contains(":") ? "[" + name + "]" : name, gateway.port());
  }

  /**
   * Takes no new work and lets running turns end, for {@code gateway.drainSeconds} at most.
   * Blocking.
   */
  public void drain() {
    if (hasGateway()) {
      Duration most = gateway.drainTime().plus(STOP_SERVICE_TIMEOUT);
      new ServiceStop(most).await("The gateway", gateway.drain(), most);
    }
  }

  /** Has {@link #drain} wait no longer. Any thread. */
  public void cutDrainShort() {
    gateway.cutDrainShort();
  }

  /**
   * Disconnects clients, ends agents, takes every mount out of sight, and records what is left: the
   * reverse of the start. However slow the rest is, no agent and no mount remains. Blocking, about
   * 10 s at most.
   */
  @Override
  public void close() {
    ServiceStop stop = new ServiceStop(STOP_TIMEOUT);
    for (Deployed deployed : deployments) {
      if (deployed.service() == chronicle) {
        chronicle.hideMounts();
      }
      String name = deployed.service().getClass().getSimpleName();
      stop.await(name, vertx.undeploy(deployed.id()), STOP_SERVICE_TIMEOUT);
      if (!stop.isClean() && deployed.service() == coordinator) {
        coordinator.killAgents();
      }
    }
    stop.close(vertx, STOP_TIMEOUT);
    if (!stop.isClean()) {
      LOG.warn("Not everything was recorded in time. The next start does that");
    }
    cluster.ifPresent(ClusterNode::close);
    // The databases are closed: it copies what was written last.
    backup.ifPresent(Backup::close);
    tracing.close();
    folder.close();
  }
}
