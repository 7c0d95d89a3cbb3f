package dev.concert.coordinator.egress.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Resolves names to addresses. Blocks: not for event loops. */
@FunctionalInterface
public interface NameLookup {
  /** As this host resolves names: its resolver, its hosts file. */
  NameLookup OF_HOST = host -> List.of(InetAddress.getAllByName(host));

  /**
   * @throws UnknownHostException when the name has no address
   */
  List<InetAddress> resolve(String host) throws UnknownHostException;
}
