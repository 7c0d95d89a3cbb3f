package dev.concert.coordinator.egress.policy;

import dev.concert.foundation.http.PublicAddresses;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Concert's own servers, which no agent reaches through the proxy, whatever an allow-list says: the
 * ports that this JVM listens on, on every address of this host, and Ensemble, wherever it runs.
 *
 * <p>Resolves names and asks the network interfaces: not for event loops.
 *
 * @param ports the ports that the servers of this JVM listen on now
 * @param ensemble base URL of Ensemble now
 */
public record OwnServers(Supplier<Set<Integer>> ports, Supplier<URI> ensemble) {

  boolean contain(Destination wanted, InetAddress address) {
    boolean local = PublicAddresses.isOfThisHost(address);
    return (local && ports.get().contains(wanted.port()))
        || (wanted.port() == HttpOrigin.of(ensemble.get()).port() && isEnsemble(address, local));
  }

  private boolean isEnsemble(InetAddress address, boolean local) {
    try {
      for (InetAddress known : InetAddress.getAllByName(HttpOrigin.of(ensemble.get()).host())) {
        if (known.equals(address) || (local && PublicAddresses.isOfThisHost(known))) {
          return true;
        }
      }
      return false;
    } catch (UnknownHostException e) {
      return false; // nobody reaches it by this name now
    }
  }
}
