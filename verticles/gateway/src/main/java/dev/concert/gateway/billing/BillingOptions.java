package dev.concert.gateway.billing;

import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;

/**
 * Who is billed, and who adds credit: section {@code gateway.billing} of the configuration.
 *
 * @param everyTenant whether all tenants need credit; otherwise those that switched billing on
 * @param ownersTopUp whether those who manage billing add credit; otherwise only the operator
 */
public record BillingOptions(boolean everyTenant, boolean ownersTopUp) {
  public static final BillingOptions DEFAULT = new BillingOptions(false, true);

  /**
   * @throws ConfigException that names the setting
   */
  public static BillingOptions from(ConfigReader section) {
    return new BillingOptions(
        section.flag("everyTenant", DEFAULT.everyTenant()),
        section.flag("ownersTopUp", DEFAULT.ownersTopUp()));
  }
}
