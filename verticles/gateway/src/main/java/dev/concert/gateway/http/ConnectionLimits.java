package dev.concert.gateway.http;

import dev.concert.gateway.auth.AccessOptions;
import dev.concert.gateway.auth.address.TrustedProxies;
import java.net.InetAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Counts the connections of the gateway: all of them, and those of each address of another machine.
 * Thread-safe.
 */
public final class ConnectionLimits {
  private final int most;
  private final int mostOfAddress;
  private final TrustedProxies proxies;
  private final AtomicInteger all = new AtomicInteger();
  private final Map<InetAddress, Integer> ofAddress = new ConcurrentHashMap<>();

  public ConnectionLimits(AccessOptions options) {
    this.most = options.maxConnections();
    this.mostOfAddress = options.maxConnectionsPerAddress();
    this.proxies = options.trustedProxies();
  }

  /** Counts a new connection; whether it is within the limits. */
  boolean enter(InetAddress address) {
    boolean room = all.incrementAndGet() <= most;
    return address.isLoopbackAddress() || proxies.includes(address)
        ? room
        : ofAddress.merge(address, 1, Integer::sum) <= mostOfAddress && room;
  }

  /** The connection is closed. */
  void leave(InetAddress address) {
    all.decrementAndGet();
    ofAddress.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
  }
}
