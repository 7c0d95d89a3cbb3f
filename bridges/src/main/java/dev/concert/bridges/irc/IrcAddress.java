package dev.concert.bridges.irc;

import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a bridge is: {@code ircs://nick@host:port/channel,channel}, or {@code irc://} without TLS.
 *
 * @param channels with their {@code #}
 */
record IrcAddress(boolean isTls, String host, int port, String nick, List<String> channels) {
  private static final int TLS_PORT = 6697;
  private static final int PLAIN_PORT = 6667;

  /** Empty where it is none. */
  static Optional<IrcAddress> of(String text) {
    URI uri;
    try {
      uri = URI.create(text.strip());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
    boolean isTls = "ircs".equals(uri.getScheme());
    String nick = Optional.ofNullable(uri.getUserInfo()).orElse("");
    boolean isAddress =
        (isTls || "irc".equals(uri.getScheme()))
            && uri.getHost() != null
            && nick.matches("[A-Za-z\\[\\]\\\\`_^{|}][A-Za-z0-9\\[\\]\\\\`_^{|}-]{0,29}");
    List<String> channels =
        Arrays.stream(
                Optional.ofNullable(uri.getPath()).orElse("").replaceFirst("/", "").split(","))
            .filter(one -> !one.isBlank())
            .map(one -> one.startsWith("#") ? one : "#" + one)
            .toList();
    return isAddress && channels.stream().allMatch(one -> one.matches("#[^\\s,:\u0007]{1,49}"))
        ? Optional.of(
            new IrcAddress(
                isTls,
                uri.getHost(),
                uri.getPort() > 0 ? uri.getPort() : isTls ? TLS_PORT : PLAIN_PORT,
                nick,
                channels))
        : Optional.empty();
  }

  /** Host and port. */
  String server() {
    return host + ":" + port;
  }
}
