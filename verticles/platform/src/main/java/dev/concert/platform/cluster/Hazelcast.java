package dev.concert.platform.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.JoinConfig;
import com.hazelcast.config.NetworkConfig;
import com.hazelcast.config.YamlConfigBuilder;
import io.vertx.core.spi.cluster.ClusterManager;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.FileNotFoundException;
import java.nio.file.Path;

/** The cluster manager: {@code conf/hazelcast.yaml} with this node's addresses in it. */
final class Hazelcast {
  private Hazelcast() {}

  /**
   * @param file the fixed settings
   */
  static ClusterManager manager(Path file, ClusterOptions options) {
    Config config = read(file);
    config.setClusterName(options.name());
    NetworkConfig network = config.getNetworkConfig();
    network.setPort(options.memberPort()).setPortAutoIncrement(false);
    network.setPublicAddress(options.host());
    network.getInterfaces().setEnabled(true).clear().addInterface(options.host());
    JoinConfig join = network.getJoin();
    join.getTcpIpConfig().setEnabled(true).setMembers(options.members());
    return new HazelcastClusterManager(config);
  }

  private static Config read(Path file) {
    try {
      return new YamlConfigBuilder(file.toString()).build();
    } catch (FileNotFoundException e) {
      throw new ClusterException("The file conf/hazelcast.yaml is missing.", e);
    }
  }
}
