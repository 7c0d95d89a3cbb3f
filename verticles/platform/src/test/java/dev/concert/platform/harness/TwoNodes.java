package dev.concert.platform.harness;

import dev.concert.testing.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;

/**
 * Two JVMs that Hazelcast joins on the loopback address: {@code gateway} has the gateway, {@code
 * host} the coordinator, Chronicle and Ensemble. Each can be killed and started again.
 */
public final class TwoNodes implements AutoCloseable {
  private static final String HOST_ROLES = "coordinator,chronicle,ensemble";
  private static final String GATEWAY_ROLES = "gateway";

  private final Path root;
  private final String cluster = "test-" + UUID.randomUUID();
  private final int hostPort = FreePort.find();
  private final int gatewayPort = FreePort.find();
  private final String hostRoles;
  private final String gatewayRoles;
  private final String more;
  private ServerProcess host;
  private ServerProcess gateway;

  private TwoNodes(Path root, String hostRoles, String gatewayRoles, String more) {
    this.root = root;
    this.hostRoles = hostRoles;
    this.gatewayRoles = gatewayRoles;
    this.more = more;
  }

  /** Starts both; returns when clients can connect. */
  public static TwoNodes start(Path root) {
    return start(root, HOST_ROLES, GATEWAY_ROLES);
  }

  /** The same, but Ensemble runs beside the gateway. */
  public static TwoNodes withEnsembleAtTheGateway(Path root) {
    return start(root, "coordinator,chronicle", "gateway,ensemble");
  }

  /** The same, but the host has Ensemble and nothing else. */
  public static TwoNodes withEnsembleApart(Path root) {
    return start(root, "ensemble", "gateway,coordinator,chronicle");
  }

  private static TwoNodes start(Path root, String hostRoles, String gatewayRoles) {
    return start(root, hostRoles, gatewayRoles, "");
  }

  /**
   * Two nodes with these roles.
   *
   * @param more sections of the configuration of both, as YAML
   */
  public static TwoNodes start(Path root, String hostRoles, String gatewayRoles, String more) {
    TwoNodes nodes = new TwoNodes(root, hostRoles, gatewayRoles, more);
    nodes.startHost();
    try {
      nodes.startGateway();
    } catch (AssertionError failed) {
      nodes.host.close();
      throw failed;
    }
    return nodes;
  }

  public void startHost() {
    host = start("host", hostPort, hostRoles);
  }

  public void startGateway() {
    gateway = start("gateway", gatewayPort, gatewayRoles);
  }

  private ServerProcess start(String node, int memberPort, String roles) {
    Path config = root.resolve(node + ".yaml");
    try {
      Files.writeString(
          config,
          """
          cluster:
            node: %s
            name: %s
            host: 127.0.0.1
            memberPort: %d
            members: ["127.0.0.1:%d", "127.0.0.1:%d"]
          coordinator:
            readyTimeoutMs: %d
          """
                  .formatted(
                      node,
                      cluster,
                      memberPort,
                      hostPort,
                      gatewayPort,
                      Program.AGENT_READY.toMillis())
              + more);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return ServerProcess.start(
        "up", root.resolve(node), Map.of(), "--config", config.toString(), "--roles", roles);
  }

  public String url() {
    return gateway.url();
  }

  /** The data folder of the node that has the workspaces. */
  public Path hostData() {
    return root.resolve("host");
  }

  public ServerProcess host() {
    return host;
  }

  public ServerProcess gateway() {
    return gateway;
  }

  /** Ends the gateway first: it asks the host to stop its agents. */
  @Override
  public void close() {
    try {
      gateway.close();
    } finally {
      host.close();
    }
  }
}
