package dev.concert.gateway.auth.address;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.Optional;

/**
 * Addresses that begin with the same bits, as {@code 10.0.0.0/8} or a single {@code fd00::1}.
 *
 * @param first one of them
 * @param bits how many are the same, at most those of the address
 */
public record ProxyRange(InetAddress first, int bits) {

  /** Empty for what is no address and no range of them. Names are not resolved. */
  static Optional<ProxyRange> parse(String text) {
    int slash = text.indexOf('/');
    try {
      InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int all = address.getAddress().length * Byte.SIZE;
      int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
      return Optional.of(new ProxyRange(address, bits)).filter(_ -> bits >= 0 && bits <= all);
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  boolean contains(InetAddress address) {
    byte[] mine = first.getAddress();
    byte[] other = address.getAddress();
    int free = mine.length * Byte.SIZE - bits;
    return mine.length == other.length
        && new BigInteger(1, mine).xor(new BigInteger(1, other)).shiftRight(free).signum() == 0;
  }
}
