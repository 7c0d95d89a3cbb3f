package dev.concert.automations;

import dev.concert.automations.delivery.DeliveryOptions;
import dev.concert.foundation.config.ConfigReader;
import dev.concert.foundation.lease.LeaseOptions;
import dev.concert.foundation.secret.SecretOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * How the automation engine is set up.
 *
 * @param folder of its own files
 * @param tenants the folder with one folder for each tenant
 * @param isShared whether several nodes have these folders
 * @param lease that says which of them runs the automations
 * @param secrets of webhooks
 * @param agentType of tasks that name none
 * @param perTenant runs of a tenant that go on at once
 * @param perNode runs of all tenants that go on at once
 * @param blueprints folder with a file for each blueprint
 * @param delivery of what comes into inboxes
 */
public record AutomationsOptions(
    Path folder,
    Path tenants,
    boolean isShared,
    LeaseOptions lease,
    SecretOptions secrets,
    String agentType,
    int perTenant,
    int perNode,
    Path blueprints,
    DeliveryOptions delivery) {

  /**
   * @param section {@code automations}
   * @param home folder of the program
   * @throws dev.concert.foundation.config.ConfigException with a sentence that names the wrong key
   */
  public static AutomationsOptions from(
      ConfigReader section, Path data, Path home, Map<String, String> environment) {
    Optional<Path> shared = section.optionalPath("folder");
    Path folder = shared.orElse(data.resolve("automations"));
    AutomationsOptions options =
        new AutomationsOptions(
            folder,
            shared.map(one -> one.resolve("tenants")).orElse(data.resolve("tenants")),
            shared.isPresent(),
            LeaseOptions.from(section.section("lease"), environment),
            SecretOptions.of(folder.resolve("secrets.db"), environment, "CONCERT_MASTER_KEY"),
            section.text("agent", "coding-agent"),
            section.number("maxRunsPerTenant", 1, 1000, 4),
            section.number("maxRuns", 1, 10_000, 16),
            home.resolve("conf").resolve("blueprints"),
            DeliveryOptions.from(section.section("delivery")));
    section.refuseUnknown();
    return options;
  }

  Path tenant(String tenantId) {
    return tenants.resolve(tenantId).resolve("automations.db");
  }
}
