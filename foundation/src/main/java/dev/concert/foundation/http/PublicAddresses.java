package dev.concert.foundation.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Tells addresses of the public internet from all others: loopback, private, link-local (which
 * holds the clouds' metadata services), shared, reserved and multicast ranges, and the IPv6 ranges
 * that carry an IPv4 address inside.
 *
 * <p>Of IPv6 only 2000::/3 is public, which is all that was ever assigned; so NAT64 (64:ff9b::),
 * IPv4-translated, IPv4-compatible, unique-local and link-local addresses need no row. Java turns
 * an IPv4-mapped IPv6 address into the IPv4 address before this class sees it.
 *
 * <p>Source: the IANA registries of special-purpose addresses (RFC 6890 and its updates).
 */
public final class PublicAddresses {
  private static final AddressRange GLOBAL_UNICAST = AddressRange.parse("2000::/3");

  private static final List<AddressRange> NOT_PUBLIC =
      Stream.of(
              "0.0.0.0/8",
              "10.0.0.0/8",
              "100.64.0.0/10", // shared between a provider and its customers
              "127.0.0.0/8",
              "168.63.129.16/32", // Azure's host service: a metadata address in public space
              "169.254.0.0/16", // link-local, metadata services
              "172.16.0.0/12",
              "192.0.0.0/24",
              "192.0.2.0/24",
              "192.88.99.0/24", // relays of 6to4
              "192.168.0.0/16",
              "198.18.0.0/15",
              "198.51.100.0/24",
              "203.0.113.0/24",
              "224.0.0.0/4",
              "240.0.0.0/4",
              "2001::/23", // Teredo and other protocols
              "2001:db8::/32",
              "2002::/16", // 6to4
              "3fff::/20")
          .map(AddressRange::parse)
          .toList();

  private PublicAddresses() {}

  /** Whether an address is one of the public internet. */
  public static boolean contain(InetAddress address) {
    return (!(address instanceof Inet6Address) || GLOBAL_UNICAST.contains(address))
        && NOT_PUBLIC.stream().noneMatch(range -> range.contains(address));
  }

  /** Whether this host has the address; one that cannot be checked counts as its own. */
  public static boolean isOfThisHost(InetAddress address) {
    if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
      return true;
    }
    try {
      return NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true;
    }
  }
}
