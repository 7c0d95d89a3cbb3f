package dev.concert.coordinator.egress;

import dev.concert.coordinator.egress.policy.EgressGate;
import dev.concert.coordinator.egress.policy.EgressLimits;
import dev.concert.coordinator.egress.policy.HttpOrigin;
import dev.concert.coordinator.sandbox.ForwardedPort;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * The ways of one agent to the network: its egress proxy and its socket to Ensemble. A verticle, so
 * that the agents share the event loops of the process, and so that closing it closes every server,
 * client and connection that belongs to it.
 */
public final class AgentNetwork extends VerticleBase {
  private static final int PROXY_PORT = 3128;
  private static final int ENSEMBLE_PORT = 3129;

  private final EgressGate gate;
  private final GitDoor door;
  private final EgressLimits limits;
  private final EgressListener listener;
  private final Supplier<HttpOrigin> ensemble;
  private final Sockets sockets;

  /**
   * Where the sockets are: absolute paths at which nothing is.
   *
   * @param proxy of the egress proxy
   * @param ensemble of Ensemble
   */
  public record Sockets(Path proxy, Path ensemble) {}

  AgentNetwork(
      EgressGate gate,
      GitDoor door,
      EgressLimits limits,
      EgressListener listener,
      Supplier<HttpOrigin> ensemble,
      Sockets sockets) {
    this.gate = gate;
    this.door = door;
    this.limits = limits;
    this.listener = listener;
    this.ensemble = ensemble;
    this.sockets = sockets;
  }

  @Override
  public Future<?> start() {
    return Future.all(
            new EgressProxy(vertx, gate, door, limits, listener).listen(sockets.proxy()),
            new EnsembleSocket(vertx, ensemble).listen(sockets.ensemble()))
        .compose(
            _ ->
                vertx.executeBlocking(
                    () -> {
                      for (Path socket : List.of(sockets.proxy(), sockets.ensemble())) {
                        Files.setPosixFilePermissions(
                            socket, PosixFilePermissions.fromString("rw-------"));
                      }
                      return null;
                    },
                    false));
  }

  @Override
  public Future<?> stop() {
    listener.ended();
    return Future.succeededFuture();
  }

  /**
   * Hangs up on everything, and stops listening. The caller removes the files. Where the verticle
   * that it belongs to is stopped, that does it.
   */
  public Future<Void> close() {
    return vertx
        .undeploy(deploymentID())
        .recover(
            failure ->
                failure instanceof IllegalStateException
                    ? Future.succeededFuture()
                    : Future.failedFuture(failure));
  }

  /** What the sandbox has to lead to the sockets. */
  public List<ForwardedPort> ports() {
    return List.of(
        new ForwardedPort(PROXY_PORT, sockets.proxy()),
        new ForwardedPort(ENSEMBLE_PORT, sockets.ensemble()));
  }

  /** The environment variables that make programs in the sandbox use the proxy. */
  public Map<String, String> variables() {
    return ProxyVariables.of(PROXY_PORT);
  }

  /** Base URL of Ensemble as seen from inside the sandbox, without a final slash. */
  public String ensembleUrl() {
    return "http://127.0.0.1:" + ENSEMBLE_PORT;
  }
}
