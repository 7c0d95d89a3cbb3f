package dev.concert.coordinator.egress.policy;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One entry of an allow-list: {@code registry.npmjs.org}, {@code *.pypi.org}, {@code
 * github.com:443}, {@code 10.1.2.3:8081} or {@code [fd00::1]:443}.
 *
 * @param host name, address, or a domain whose subdomains are meant
 * @param subdomains whether {@code host} is a domain whose subdomains are meant, and not itself
 * @param port empty for any
 */
public record AllowedDestination(String host, boolean subdomains, OptionalInt port) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:\\[([0-9A-Fa-f:.]{2,45})]|(\\*\\.)?([A-Za-z0-9._-]{1,253}))(?::(\\d{1,5}))?");

  /**
   * @throws IllegalArgumentException when the text has another form; the message says which forms
   *     there are
   */
  public static AllowedDestination parse(String text) {
    Matcher form = FORM.matcher(text);
    OptionalInt port = OptionalInt.empty();
    boolean valid = form.matches();
    if (valid && form.group(4) != null) {
      port = OptionalInt.of(Integer.parseInt(form.group(4)));
      valid = port.getAsInt() >= 1 && port.getAsInt() <= 65_535;
    }
    if (!valid) {
      throw new IllegalArgumentException(
          "'%s' is no destination. Write a host, '*.domain', 'host:port' or '[IPv6]:port'."
              .formatted(text));
    }
    String host = Destination.canonical(form.group(1) == null ? form.group(3) : form.group(1));
    return new AllowedDestination(host, form.group(2) != null, port);
  }

  boolean matches(Destination wanted) {
    boolean sameHost = subdomains ? wanted.host().endsWith("." + host) : wanted.host().equals(host);
    return sameHost && (port.isEmpty() || port.getAsInt() == wanted.port());
  }

  /** Whether the entry names one host and one port: such a destination may be private. */
  boolean isExact() {
    return !subdomains && port.isPresent();
  }
}
