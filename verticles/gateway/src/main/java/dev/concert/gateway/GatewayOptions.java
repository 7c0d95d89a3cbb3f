package dev.concert.gateway;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.config.DeploymentMode;
import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.gateway.auth.AccessOptions;
import dev.concert.gateway.billing.BillingOptions;
import dev.concert.gateway.inference.NamingOptions;
import dev.concert.gateway.member.MailOptions;
import dev.concert.gateway.member.MemberOptions;
import dev.concert.gateway.rest.RateLimitOptions;
import dev.concert.gateway.session.SessionTimeouts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How the gateway runs.
 *
 * @param host address to listen on
 * @param port TCP port; 0 for any free one
 * @param data folder that holds the tenants' and the sessions' folders
 * @param eventLoops over how many event loops connections and sessions are spread, at least 1
 * @param openDatabases how many session databases may be open at once
 * @param auth whose tokens are accepted; empty: nobody authenticates, everybody is the developer
 * @param drain how long running turns may go on when the server is told to stop
 */
public record GatewayOptions(
    String host,
    int port,
    Path data,
    int eventLoops,
    int openDatabases,
    SessionTimeouts timeouts,
    AccessOptions access,
    Optional<OpenIdOptions> auth,
    MemberOptions members,
    Duration drain,
    RateLimitOptions rateLimits,
    BillingOptions billing,
    NamingOptions naming) {
  private static final int MOST_DRAIN_SECONDS = 3600;

  /** Short, so that Ctrl-C is quick. */
  private static final Duration DEFAULT_DRAIN = Duration.ofSeconds(2);

  /** The defaults, for this place and folder. */
  public static GatewayOptions of(String host, int port, Path data) {
    int loops = Math.min(4, Runtime.getRuntime().availableProcessors());
    return new GatewayOptions(
        host,
        port,
        data,
        loops,
        2048,
        SessionTimeouts.DEFAULT,
        AccessOptions.DEFAULT,
        Optional.empty(),
        MemberOptions.DEFAULT,
        DEFAULT_DRAIN,
        RateLimitOptions.DEFAULT,
        BillingOptions.DEFAULT,
        NamingOptions.DEFAULT);
  }

  /**
   * The same as section {@code gateway} of the configuration says.
   *
   * @param environment whose {@code AUTH_} variables and {@code ALLOWED_ORIGINS} override the
   *     section's
   * @throws ConfigException that names the setting
   */
  public GatewayOptions configured(
      ConfigReader section, Map<String, String> environment, DeploymentMode mode) {
    return withAccess(AccessOptions.from(section, environment).withMode(mode))
        .withAuth(OpenIdOptions.from(section.section("auth"), environment))
        .withMembers(
            MemberOptions.from(section.section("members"))
                .withMail(MailOptions.from(section.section("mail"), environment)))
        .withDrain(
            Duration.ofSeconds(
                section.number("drainSeconds", 0, MOST_DRAIN_SECONDS, (int) drain.toSeconds())))
        .withRateLimits(RateLimitOptions.from(section.section("rateLimits")))
        .withBilling(BillingOptions.from(section.section("billing")))
        .withNaming(NamingOptions.from(section.section("naming"), environment));
  }

  /**
   * Where browsers open the page.
   *
   * @param listening port that the gateway listens at
   */
  public String publicUrl(int listening) {
    return access.origins().stream()
        .findFirst()
        .orElseGet(() -> access.scheme() + "://localhost:" + listening);
  }

  public GatewayOptions withTimeouts(SessionTimeouts timeouts) {
    return new GatewayOptions(
        host,
        port,
        data,
        eventLoops,
        openDatabases,
        timeouts,
        access,
        auth,
        members,
        drain,
        rateLimits,
        billing,
        naming);
  }

  public GatewayOptions withAccess(AccessOptions access) {
    return new GatewayOptions(
        host,
        port,
        data,
        eventLoops,
        openDatabases,
        timeouts,
        access,
        auth,
        members,
        drain,
        rateLimits,
        billing,
        naming);
  }

  public GatewayOptions withAuth(Optional<OpenIdOptions> auth) {
    return new GatewayOptions(
        host,
        port,
        data,
        eventLoops,
        openDatabases,
        timeouts,
        access,
        auth,
        members,
        drain,
        rateLimits,
        billing,
        naming);
  }

  public GatewayOptions withMembers(MemberOptions members) {
    return new GatewayOptions(
        host,
        port,
        data,
        eventLoops,
        openDatabases,
        timeouts,
        access,
        auth,
        members,
        drain,
        rateLimits,
        billing,
        naming);
  }

  public GatewayOptions withDrain(Duration drain) {
    return new GatewayOptions(
        host,
        port,
        data,
        eventLoops,
        openDatabases,
        timeouts,
        access,
        auth,
        members,
        drain,
        rateLimits,
        billing,
        naming);
  }

  public GatewayOptions withRateLimits(RateLimitOptions rateLimits) {
    return new GatewayOptions(
        host,
        port,
        data,
        eventLoops,
        openDatabases,
        timeouts,
        access,
        auth,
        members,
        drain,
        rateLimits,
        billing,
        naming);
  }

  public GatewayOptions withBilling(BillingOptions billing) {
    return new GatewayOptions(
        host,
        port,
        data,
        eventLoops,
        openDatabases,
        timeouts,
        access,
        auth,
        members,
        drain,
        rateLimits,
        billing,
        naming);
  }

  public GatewayOptions withNaming(NamingOptions naming) {
    return new GatewayOptions(
        host,
        port,
        data,
        eventLoops,
        openDatabases,
        timeouts,
        access,
        auth,
        members,
        drain,
        rateLimits,
        billing,
        naming);
  }
}
