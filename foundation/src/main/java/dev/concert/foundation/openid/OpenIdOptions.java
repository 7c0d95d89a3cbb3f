package dev.concert.foundation.openid;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.proxy.OutboundProxies;
import java.net.URI;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An OpenID provider, and whose tokens of it are accepted.
 *
 * @param issuer as its tokens name it; a slash at its end does not matter
 * @param audience that a token must name; empty: a token for any other program is accepted, too
 * @param tenantClaim the claim of a token that names its tenant
 * @param algorithms by which a token may be signed, at least one
 * @param clockSkew by how much the clocks of the issuer and of this machine may differ
 * @param jwksUrl of the issuer's keys; empty: the discovery document names it
 * @param clientId of the page, as the issuer knows it
 * @param clientSecret of the page; empty for a public client. {@code toString} does not show it
 * @param proxies on the way to the issuer
 */
public record OpenIdOptions(
    URI issuer,
    Optional<String> audience,
    String tenantClaim,
    Set<SignatureAlgorithm> algorithms,
    Duration clockSkew,
    Optional<URI> jwksUrl,
    Optional<String> clientId,
    Optional<String> clientSecret,
    OutboundProxies proxies) {
  private static final String DEFAULT_TENANT_CLAIM = "tenant_id";
  private static final int DEFAULT_SKEW_SECONDS = 30;
  private static final int MAX_SKEW_SECONDS = 300;

  /** The defaults, for this issuer and audience. */
  public static OpenIdOptions of(URI issuer, String audience) {
    return new OpenIdOptions(
        issuer,
        Optional.of(audience),
        DEFAULT_TENANT_CLAIM,
        EnumSet.of(SignatureAlgorithm.RS256),
        Duration.ofSeconds(DEFAULT_SKEW_SECONDS),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        OutboundProxies.NONE);
  }

  /** The defaults, for the sign-in of a page. */
  public static OpenIdOptions ofPage(
      URI issuer, String clientId, Optional<String> clientSecret, OutboundProxies proxies) {
    return new OpenIdOptions(
        issuer,
        Optional.empty(),
        DEFAULT_TENANT_CLAIM,
        EnumSet.of(SignatureAlgorithm.RS256),
        Duration.ofSeconds(DEFAULT_SKEW_SECONDS),
        Optional.empty(),
        Optional.of(clientId),
        clientSecret,
        proxies);
  }

  /**
   * Empty where no issuer is named, neither in the configuration nor in {@code AUTH_URL}. {@code
   * AUTH_URL} and {@code AUTH_CLIENT_ID} override the configuration; the client's secret comes from
   * {@code AUTH_CLIENT_SECRET} only.
   *
   * @param section {@code gateway.auth}
   * @throws ConfigException when a setting or a variable is wrong
   */
  public static Optional<OpenIdOptions> from(
      ConfigReader section, Map<String, String> environment) {
    Optional<URI> configured = section.optionalUrl("issuer");
    Optional<String> audience = section.optionalText("audience");
    String tenantClaim = section.text("tenantClaim", DEFAULT_TENANT_CLAIM);
    Set<SignatureAlgorithm> algorithms = algorithms(section);
    int skew = section.number("clockSkewSeconds", 0, MAX_SKEW_SECONDS, DEFAULT_SKEW_SECONDS);
    Optional<URI> jwksUrl = section.optionalUrl("jwksUrl");
    Optional<String> clientId = section.optionalText("clientId");
    section.refuseUnknown();
    return variable(environment, "AUTH_URL")
        .map(OpenIdOptions::url)
        .or(() -> configured)
        .map(
            issuer ->
                new OpenIdOptions(
                    issuer,
                    audience,
                    tenantClaim,
                    algorithms,
                    Duration.ofSeconds(skew),
                    jwksUrl,
                    variable(environment, "AUTH_CLIENT_ID").or(() -> clientId),
                    variable(environment, "AUTH_CLIENT_SECRET"),
                    OutboundProxies.of(environment)));
  }

  private static Set<SignatureAlgorithm> algorithms(ConfigReader section) {
    List<String> named = section.texts("algorithms");
    Set<SignatureAlgorithm> algorithms = EnumSet.noneOf(SignatureAlgorithm.class);
    for (String name : named) {
      algorithms.add(
          SignatureAlgorithm.of(name)
              .orElseThrow(
                  () ->
                      section.wrong(
                          "algorithms",
                          "must name asymmetric algorithms such as RS256, ES256 or EdDSA")));
    }
    return algorithms.isEmpty() ? EnumSet.of(SignatureAlgorithm.RS256) : algorithms;
  }

  private static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static URI url(String text) {
    try {
      URI url = URI.create(text.strip());
      if (url.getHost() != null && Set.of("http", "https").contains(url.getScheme())) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw notAnUrl();
    }
    throw notAnUrl();
  }

  private static ConfigException notAnUrl() {
    return new ConfigException("AUTH_URL must be the issuer's URL, such as https://example.com.");
  }

  /** Whether a token's {@code iss}, or a discovery document, names this issuer. */
  public boolean isIssuer(String named) {
    return named != null && withoutSlash(named).equals(withoutSlash(issuer.toString()));
  }

  /** Where the issuer describes itself. */
  URI discoveryUrl() {
    return URI.create(withoutSlash(issuer.toString()) + "/.well-known/openid-configuration");
  }

  private static String withoutSlash(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  @Override
  public String toString() {
    return "OpenIdOptions[issuer=" + issuer + ", audience=" + audience.orElse("") + "]";
  }
}
