package dev.concert.bridges.xmpp;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a bridge is: {@code xmpp://user@example.org/room@rooms.example.org,…?server=host:port}, or
 * {@code xmpps://} where TLS begins with the connection. Without a server it is the domain.
 *
 * @param rooms their whole addresses
 */
record XmppAddress(
    boolean isDirectTls, String user, String domain, String host, int port, List<String> rooms) {
  private static final int STARTTLS_PORT = 5222;
  private static final int TLS_PORT = 5223;
  private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost");
  private static final Pattern SERVER = Pattern.compile("server=([A-Za-z0-9.-]+):(\\d{1,5})");
  private static final Pattern ROOM = Pattern.compile("[^\\s@/,:&'\"<>]{1,200}@[A-Za-z0-9.-]+");

  /** Empty where it is none. */
  static Optional<XmppAddress> of(String text) {
    URI uri;
    try {
      uri = URI.create(text.strip());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    boolean isDirectTls = "xmpps".equals(uri.getScheme());
    String user = Optional.ofNullable(uri.getUserInfo()).orElse("");
    Optional<String> query = Optional.ofNullable(uri.getQuery());
    Matcher server = SERVER.matcher(query.orElse(""));
    boolean isAddress =
        (isDirectTls || "xmpp".equals(uri.getScheme()))
            && uri.getHost() != null
            && uri.getPort() < 0
            && user.matches("[^\\s@/:&'\"<>]{1,200}")
            && (query.isEmpty() || server.matches());
    List<String> rooms =
        Arrays.stream(
                Optional.ofNullable(uri.getPath()).orElse("").replaceFirst("/", "").split(","))
            .filter(one -> !one.isBlank())
            .map(one -> one.toLowerCase(Locale.ROOT))
            .toList();
    if (!isAddress || !rooms.stream().allMatch(one -> ROOM.matcher(one).matches())) {
      return Optional.empty();
    }
    return Optional.of(
        new XmppAddress(
            isDirectTls,
            user.toLowerCase(Locale.ROOT),
            uri.getHost().toLowerCase(Locale.ROOT),
            query.isPresent() ? server.group(1) : uri.getHost(),
            query.isPresent()
                ? Integer.parseInt(server.group(2))
                : isDirectTls ? TLS_PORT : STARTTLS_PORT,
            rooms));
  }

  /** Who the bot is. */
  String bare() {
    return user + "@" + domain;
  }

  /** Host and port. */
  String server() {
    return host + ":" + port;
  }

  /** Whether what is sent never leaves this machine. */
  boolean isLoopback() {
    return LOOPBACK.contains(host);
  }
}
