package dev.concert.foundation.proxy;

import dev.concert.foundation.http.AddressRange;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The hosts that are called without a proxy, as {@code NO_PROXY} lists them: names, which stand for
 * all names below them, too, addresses, ranges of addresses ({@code 10.0.0.0/8}), or {@code *} for
 * every host. No name is looked up: an address counts only for a URL that has an address. Ports are
 * not regarded.
 *
 * @param entries in lower case
 */
record DirectHosts(List<String> entries) {
  /** An IPv6 address stands in brackets before a port, and may do so without one. */
  private static final Pattern BRACKETED = Pattern.compile("\\[(.+)](/\\d+)?(:\\d+)?");

  private static final Pattern WITH_PORT = Pattern.compile("([^:]+):\\d+");

  /**
   * @param list divided by commas or blanks
   */
  static DirectHosts of(String list) {
    return new DirectHosts(
        Arrays.stream(list.toLowerCase(Locale.ROOT).split("[,\\s]+"))
            .map(DirectHosts::withoutPort)
            .toList());
  }

  private static String withoutPort(String entry) {
    Matcher bracketed = BRACKETED.matcher(entry);
    if (bracketed.matches()) {
      return bracketed.group(1) + Optional.ofNullable(bracketed.group(2)).orElse("");
    }
    Matcher withPort = WITH_PORT.matcher(entry);
    return withPort.matches() ? withPort.group(1) : entry;
  }

  /**
   * @param host of a URL; an IPv6 address stands in brackets
   */
  boolean contain(String host) {
    return entries.contains("*")
        || address(host)
            .map(literal -> entries.stream().anyMatch(entry -> isIn(entry, literal)))
            .orElseGet(() -> entries.stream().anyMatch(entry -> isBelow(entry, host)));
  }

  /** The address that a host is; empty if it is a name. */
  static Optional<InetAddress> address(String host) {
    try {
      return Optional.of(InetAddress.ofLiteral(host));
    } catch (IllegalArgumentException name) {
      return Optional.empty();
    }
  }

  private static boolean isIn(String entry, InetAddress address) {
    if (!entry.contains("/")) {
      return address(entry).filter(address::equals).isPresent();
    }
    try {
      return AddressRange.parse(entry).contains(address);
    } catch (IllegalArgumentException noRange) {
      // Other programs read the variable, too, and may know more forms.
      return false;
    }
  }

  private static boolean isBelow(String entry, String host) {
    String domain = entry.replaceFirst("^\\*?\\.", "");
    String name = host.toLowerCase(Locale.ROOT);
    return !domain.isEmpty() && (name.equals(domain) || name.endsWith("." + domain));
  }
}
