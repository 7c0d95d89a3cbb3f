package dev.concert.foundation.http;

import java.math.BigInteger;
import java.net.InetAddress;

/**
 * All addresses of one family that begin with the same bits. Netty's {@code IpSubnetFilterRule} is
 * not used: in 4.2.10 its 2000::/3 contains fd00::1.
 *
 * @param bytes of an address: 4 or 16
 * @param start the bits that they have in common
 * @param bits how many these are
 */
public record AddressRange(int bytes, BigInteger start, int bits) {

  /**
   * @param text in CIDR notation, such as {@code 10.0.0.0/8}
   * @throws IllegalArgumentException if it is not
   */
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    int bits = Integer.parseInt(text.substring(slash + 1));
    InetAddress first = InetAddress.ofLiteral(text.substring(0, slash));
    int bytes = first.getAddress().length;
    if (bits < 0 || bits > 8 * bytes) {
      throw new IllegalArgumentException("No such range of addresses: " + text);
    }
    return new AddressRange(bytes, start(first, bits), bits);
  }

  public boolean contains(InetAddress address) {
    return address.getAddress().length == bytes && start(address, bits).equals(start);
  }

  private static BigInteger start(InetAddress address, int bits) {
    byte[] all = address.getAddress();
    return new BigInteger(1, all).shiftRight(8 * all.length - bits);
  }
}
