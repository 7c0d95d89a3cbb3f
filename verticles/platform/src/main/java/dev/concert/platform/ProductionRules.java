package dev.concert.platform;

import dev.concert.ensemble.config.EnsembleOptions;
import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.openid.OpenIdOptions;
import dev.concert.gateway.GatewayOptions;
import dev.concert.gateway.auth.AccessOptions;
import dev.concert.gateway.billing.BillingOptions;
import java.net.URI;

/**
 * What {@code mode: production} does not start with: everything that stands in for a part on a
 * developer's machine, and everything that crosses a network in the clear. The coordinator refuses
 * a weak sandbox itself.
 */
final class ProductionRules {
  private ProductionRules() {}

  /**
   * Blocking: looks names up.
   *
   * @throws ConfigException the first rule that is broken, as one sentence that says what to do
   */
  static void verify(GatewayOptions gateway) {
    OpenIdOptions auth =
        gateway
            .auth()
            .orElseThrow(
                () ->
                    broken(
                        "everybody would be the development identity: name an OpenID provider in"
                            + " gateway.auth.issuer or AUTH_URL"));
    AccessOptions access = gateway.access();
    if (access.insecure()) {
      throw broken("gateway.insecure or --insecure is set: remove it");
    }
    if (auth.audience().isEmpty()) {
      throw broken(
          "a token for any other program would be accepted: name your own audience in"
              + " gateway.auth.audience");
    }
    if (isInTheClear(auth.issuer())
        || auth.jwksUrl().filter(ProductionRules::isInTheClear).isPresent()) {
      throw broken(
          "the issuer's keys would come in the clear: gateway.auth.issuer and gateway.auth.jwksUrl"
              + " must be https URLs");
    }
    if (access.origins().stream().map(URI::create).anyMatch(ProductionRules::isInTheClear)) {
      throw broken("a page would be served in the clear: gateway.origins must be https origins");
    }
    verify(gateway.billing());
    if (!AccessOptions.isLoopback(gateway.host())
        && access.tls().isEmpty()
        && access.trustedProxies().isEmpty()) {
      throw broken(
          "tokens would cross the network in the clear: set gateway.tls.certificate and"
              + " gateway.tls.key, or list the proxy that ends TLS in gateway.trustedProxies, or"
              + " listen on 127.0.0.1");
    }
  }

  /** Billing is enforced only if both settings are set: with one alone, owners can evade it. */
  private static void verify(BillingOptions billing) {
    if (billing.everyTenant() && billing.ownersTopUp()) {
      throw broken(
          "every tenant is billed and its owners give it credit themselves: set"
              + " gateway.billing.ownersTopUp to false, and add credit with 'concert credit'");
    }
    if (!billing.everyTenant() && !billing.ownersTopUp()) {
      throw broken(
          "owners cannot add credit but can switch billing off: set gateway.billing.everyTenant to"
              + " true");
    }
  }

  /**
   * @throws ConfigException where nothing but the demo model would answer
   */
  static void verify(EnsembleOptions ensemble) {
    if (ensemble.providers().isEmpty()) {
      throw broken(
          "only the built-in demo model would answer: add a provider to ensemble.providers, or set"
              + " a vendor's key in the environment");
    }
  }

  private static boolean isInTheClear(URI url) {
    return !"https".equals(url.getScheme()) && !AccessOptions.isLoopback(url.getHost());
  }

  private static ConfigException broken(String rule) {
    return new ConfigException("mode is 'production', but " + rule + ".");
  }
}
