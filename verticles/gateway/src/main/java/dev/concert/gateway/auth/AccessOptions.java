package dev.concert.gateway.auth;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.config.DeploymentMode;
import dev.concert.gateway.auth.address.TrustedProxies;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who may reach the gateway: section {@code gateway} of the configuration.
 *
 * @param origins of pages that may use the gateway beside its own, as {@code https://HOST:PORT}
 * @param insecure serves other machines although nobody authenticates
 * @param maxConnections at a time
 * @param maxConnectionsPerAddress of another machine that is no trusted proxy, at a time
 * @param trustedProxies whose word about a client counts
 * @param tls of the gateway itself; empty: it listens in the clear
 */
public record AccessOptions(
    List<String> origins,
    boolean insecure,
    int maxConnections,
    int maxConnectionsPerAddress,
    TrustedProxies trustedProxies,
    Optional<TlsOptions> tls,
    DeploymentMode mode) {
  private static final int MOST = 1_000_000;
  private static final String ORIGINS = "ALLOWED_ORIGINS";

  public static final AccessOptions DEFAULT =
      new AccessOptions(
          List.of(),
          false,
          20_000,
          1_000,
          TrustedProxies.NONE,
          Optional.empty(),
          DeploymentMode.DEVELOPMENT);

  /**
   * @param environment whose {@code ALLOWED_ORIGINS}, a list with commas, overrides the section's
   *     origins
   * @throws ConfigException that names the setting or the variable
   */
  public static AccessOptions from(ConfigReader section, Map<String, String> environment) {
    List<String> configured = section.texts("origins");
    List<String> allowed =
        Arrays.stream(environment.getOrDefault(ORIGINS, "").split(","))
            .map(String::strip)
            .filter(origin -> !origin.isEmpty())
            .toList();
    for (int i = 0; i < configured.size(); i++) {
      String setting = "gateway.origins[%d]".formatted(i);
      verifyOrigin(configured.get(i), setting, setting + " must be an origin");
    }
    allowed.forEach(
        origin -> verifyOrigin(origin, "", ORIGINS + " must be a list, with commas, of origins"));
    return new AccessOptions(
        allowed.isEmpty() ? List.copyOf(configured) : allowed,
        section.flag("insecure", DEFAULT.insecure()),
        section.number("maxConnections", 1, MOST, DEFAULT.maxConnections()),
        section.number("maxConnectionsPerAddress", 1, MOST, DEFAULT.maxConnectionsPerAddress()),
        TrustedProxies.from(section),
        TlsOptions.from(section.section("tls")),
        DEFAULT.mode());
  }

  /**
   * @param setting of the configuration; empty for the variable
   * @param must the rule, which names the setting or the variable
   */
  private static void verifyOrigin(String origin, String setting, String must) {
    if (WebOrigin.parse(origin).isEmpty()) {
      throw new ConfigException(setting, must + " such as https://concert.example:8443.");
    }
  }

  /** Of the gateway's own URLs. */
  public String scheme() {
    return tls.isPresent() ? "https" : "http";
  }

  public AccessOptions withOrigins(List<String> other) {
    return new AccessOptions(
        other, insecure, maxConnections, maxConnectionsPerAddress, trustedProxies, tls, mode);
  }

  public AccessOptions withTrustedProxies(TrustedProxies other) {
    return new AccessOptions(
        origins, insecure, maxConnections, maxConnectionsPerAddress, other, tls, mode);
  }

  public AccessOptions withTls(TlsOptions other) {
    return new AccessOptions(
        origins,
        insecure,
        maxConnections,
        maxConnectionsPerAddress,
        trustedProxies,
        Optional.of(other),
        mode);
  }

  public AccessOptions withMode(DeploymentMode other) {
    return new AccessOptions(
        origins, insecure, maxConnections, maxConnectionsPerAddress, trustedProxies, tls, other);
  }

  /**
   * Refuses to serve other machines where nobody authenticates, unless that is asked for. Blocking:
   * looks the name up.
   *
   * @param host address to listen on
   * @param authenticates whether clients must
   * @throws ConfigException where the gateway must not start
   */
  public void verify(String host, boolean authenticates) {
    tls.ifPresent(files -> files.verify(Instant.now()));
    if (isLoopback(host)) {
      return;
    }
    if (!insecure && !authenticates) {
      throw new ConfigException(
          "With --host %s everybody who reaches this machine commands your agents, since there is no authentication. Use 127.0.0.1, or name an OpenID provider in gateway.auth.issuer, or add --insecure if your network may do that."
              .formatted(host));
    }
    if (origins.isEmpty()) {
      throw new ConfigException(
          "With --host %s name in gateway.origins of the configuration, or in ALLOWED_ORIGINS, by which addresses browsers open the page, for example http://concert.lan:8080."
              .formatted(host));
    }
  }

  /**
   * Whether a name is one of this machine alone. Blocking: looks it up.
   *
   * @param host or address
   */
  public static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      // To listen there fails, too, and says so.
      return true;
    }
  }
}
