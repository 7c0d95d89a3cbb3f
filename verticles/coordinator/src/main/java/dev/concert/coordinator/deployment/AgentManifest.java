package dev.concert.coordinator.deployment;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What {@code agent.json} says.
 *
 * @param type name of the agent type: letters, digits, {@code _} and {@code -}, at most 128
 * @param runtime {@code python}
 * @param entry file that the runtime is given, relative to the agent's folder and inside it
 * @param description for people; empty when the manifest has none
 * @param config merged into {@code init.config}
 */
public record AgentManifest(
    String type,
    String version,
    String runtime,
    String entry,
    String description,
    ObjectNode config) {

  public AgentManifest {
    require(type != null && type.matches("[A-Za-z0-9_-]{1,128}"), "type", "letters, digits, _, -");
    require(version != null && !version.isBlank(), "version", "a version");
    require("python".equals(runtime), "runtime", "\"python\"");
    require(entry != null && !entry.isBlank(), "entry", "a file of the agent's folder");
    description = description == null ? "" : description;
    config = config == null ? JsonNodeFactory.instance.objectNode() : config.deepCopy();
  }

  private static void require(boolean holds, String field, String wanted) {
    if (!holds) {
      throw new IllegalArgumentException("\"" + field + "\" must be " + wanted);
    }
  }
}
