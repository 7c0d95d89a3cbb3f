package dev.concert.coordinator.deployment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.coordinator.config.ResourceLimits;
import dev.concert.coordinator.egress.policy.AllowedDestination;
import dev.concert.coordinator.egress.policy.EgressPolicy;
import dev.concert.foundation.config.ConfigReader;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code agent.json} says.
 *
 * @param type name of the agent type: letters, digits, {@code _} and {@code -}, at most 128
 * @param runtime {@code python}
 * @param entry file that the runtime is given, relative to the agent's folder and inside it
 * @param description for people; empty when the manifest has none
 * @param config merged into {@code init.config}
 * @param egress narrows where the operator lets agents connect to; null when the manifest says
 *     nothing
 * @param resources limits of this agent type that differ from the configuration's
 */
public record AgentManifest(
    String type,
    String version,
    String runtime,
    String entry,
    String description,
    ObjectNode config,
    Egress egress,
    ObjectNode resources) {

  /**
   * @param policy {@code open}, {@code allow-list} or {@code none}
   * @param allow the allow-list; may be null
   */
  public record Egress(String policy, List<String> allow) {
    private static final List<String> POLICIES = List.of("open", "allow-list", "none");

    public Egress {
      require(
          policy != null && POLICIES.contains(policy),
          "egress.policy",
          "\"open\", \"allow-list\" or \"none\"");
      allow = allow == null ? List.of() : List.copyOf(allow);
      allow.forEach(AllowedDestination::parse);
    }

    EgressPolicy.Mode mode() {
      return EgressPolicy.Mode.valueOf(policy.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
  }

  public AgentManifest {
    require(type != null && type.matches("[A-Za-z0-9_-]{1,128}"), "type", "letters, digits, _, -");
    require(version != null && !version.isBlank(), "version", "a version");
    require("python".equals(runtime), "runtime", "\"python\"");
    require(entry != null && !entry.isBlank(), "entry", "a file of the agent's folder");
    description = description == null ? "" : description;
    config = config == null ? JsonNodeFactory.instance.objectNode() : config.deepCopy();
    resources = resources == null ? JsonNodeFactory.instance.objectNode() : resources.deepCopy();
    limits(resources, ResourceLimits.DEFAULT); // a mistake shows when the manifest is read
  }

  /** What an agent of this type may use. */
  public ResourceLimits limits(ResourceLimits defaults) {
    return limits(resources, defaults);
  }

  private static ResourceLimits limits(ObjectNode resources, ResourceLimits defaults) {
    ConfigReader section =
        ConfigReader.of(
            new JsonObject().put("resources", new JsonObject(resources.toString())), "resources");
    ResourceLimits limits = ResourceLimits.from(section, defaults);
    section.refuseUnknown();
    return limits;
  }

  /** Where agents of this type may connect to at most. */
  public Optional<EgressPolicy> egressPolicy() {
    return Optional.ofNullable(egress)
        .map(
            said ->
                EgressPolicy.of(
                    said.mode(), said.allow(), "agent.json of agent type '%s'".formatted(type)));
  }

  private static void require(boolean holds, String field, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("\"" + field + "\" must be " + wanted);
    }
  }
}
