package dev.concert.coordinator.egress.policy;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an agent wants to connect to.
 *
 * @param host name in lower case without a final dot, or an IP address in Java's own form
 * @param port 1 to 65535
 */
public record Destination(String host, int port) {
  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.]{2,45})]|([A-Za-z0-9._-]{1,253})):(\\d{1,5})");

  /** Reads {@code host:port} or {@code [v6]:port}; empty when the text is neither. */
  public static Optional<Destination> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    int port = Integer.parseInt(form.group(3));
    String host = canonical(form.group(1) == null ? form.group(2) : form.group(1));
    return port < 1 || port > 65_535 || host.isEmpty()
        ? Optional.empty()
        : Optional.of(new Destination(host, port));
  }

  /**
   * The one form of a host that can be written in several, such as {@code ::1} and {@code 0::1}.
   */
  static String canonical(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    try {
      return InetAddress.ofLiteral(name).getHostAddress();
    } catch (IllegalArgumentException e) {
      return name; // a name, not an address
    }
  }

  @Override
  public String toString() {
    return host.contains(":") ? "[%s]:%d".formatted(host, port) : host + ":" + port;
  }
}
