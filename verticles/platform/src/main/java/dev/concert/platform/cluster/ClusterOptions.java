package dev.concert.platform.cluster;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How this node joins a cluster.
 *
 * @param node name of this node: unique in the cluster, the same after a restart
 * @param name of the cluster; nodes of another name do not join
 * @param host address of this node that the others reach; bus, members and streams listen on it
 * @param memberPort port of Hazelcast on this host
 * @param members {@code host:port} of nodes to join, this one may be among them
 * @param roles services that this node runs
 */
public record ClusterOptions(
    String node,
    String name,
    String host,
    int memberPort,
    List<String> members,
    Set<NodeRole> roles) {
  private static final int MEMBER_PORT = 5701;

  /**
   * Reads the section {@code cluster}.
   *
   * @return empty where it has no settings: the node is alone
   * @throws ConfigException with a sentence that names the wrong setting
   */
  public static Optional<ClusterOptions> from(JsonObject config) {
    if (config.getJsonObject("cluster", new JsonObject()).isEmpty()) {
      return Optional.empty();
    }
    ConfigReader section = ConfigReader.of(config, "cluster");
    ClusterOptions options =
        new ClusterOptions(
            section.text("node"),
            section.text("name"),
            section.text("host"),
            section.number("memberPort", 1, 65_535, MEMBER_PORT),
            section.texts("members"),
            roles(section.texts("roles")));
    section.refuseUnknown();
    if (!options.node().matches("[A-Za-z0-9._-]{1,64}")) {
      throw new ConfigException(
          "cluster.node", "cluster.node must be 1 to 64 letters, digits, '.', '_' and '-'");
    }
    if (options.members().isEmpty()) {
      throw new ConfigException(
          "cluster.members", "cluster.members must name at least one node, as host:port");
    }
    return Optional.of(options);
  }

  private static Set<NodeRole> roles(List<String> names) {
    Set<NodeRole> roles =
        names.isEmpty() ? EnumSet.allOf(NodeRole.class) : EnumSet.noneOf(NodeRole.class);
    for (String name : names) {
      roles.add(
          NodeRole.of(name)
              .orElseThrow(
                  () ->
                      new ConfigException(
                          "cluster.roles",
                          "cluster.roles has '%s', but may have gateway, coordinator, chronicle,"
                              + " ensemble, bridges"
                              + " and automations".formatted(name))));
    }
    if (roles.contains(NodeRole.COORDINATOR) != roles.contains(NodeRole.CHRONICLE)) {
      throw new ConfigException(
          "cluster.roles",
          "cluster.roles must have coordinator and chronicle together: they share a disk");
    }
    return Set.copyOf(roles);
  }
}
