package dev.concert.automations;

import dev.concert.foundation.config.ConfigReader;
import java.nio.file.Path;

/**
 * How the automation engine is set up.
 *
 * @param folder of its own files
 * @param tenants the folder with one folder for each tenant
 * @param agentType of tasks that name none
 * @param perTenant runs of a tenant that go on at once
 * @param perNode runs of all tenants that go on at once
 */
public record AutomationsOptions(
    Path folder, Path tenants, String agentType, int perTenant, int perNode) {

  /**
   * @param section {@code automations}
   * @throws dev.concert.foundation.config.ConfigException with a sentence that names the wrong key
   */
  public static AutomationsOptions from(ConfigReader section, Path data) {
    AutomationsOptions options =
        new AutomationsOptions(
            data.resolve("automations"),
            data.resolve("tenants"),
            section.text("agent", "coding-agent"),
            section.number("maxRunsPerTenant", 1, 1000, 4),
            section.number("maxRuns", 1, 10_000, 16));
    section.refuseUnknown();
    return options;
  }

  Path tenant(String tenantId) {
    return tenants.resolve(tenantId).resolve("automations.db");
  }
}
