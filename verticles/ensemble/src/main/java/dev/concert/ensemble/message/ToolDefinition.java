package dev.concert.ensemble.message;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.CacheControl;

/**
 * A tool the model may call.
 *
 * @param description nullable
 * @param parameters JSON Schema of the arguments; null for none
 * @param strict whether the provider enforces the schema; nullable
 * @param cacheControl nullable
 * @param serverTool a tool that runs at the provider, in the provider's format with its {@code
 *     type}; it is sent unchanged if the provider's configuration allows the type; null for other
 *     tools
 */
public record ToolDefinition(
    String name,
    String description,
    JsonNode parameters,
    Boolean strict,
    @JsonProperty("cache_control") CacheControl cacheControl,
    @JsonProperty("server_tool") JsonNode serverTool) {

  public ToolDefinition(String name, String description, JsonNode parameters) {
    this(name, description, parameters, null, null, null);
  }

  public boolean runsAtProvider() {
    return serverTool != null && !serverTool.isNull();
  }

  /**
   * The schema; by default an object without fields. Vendors refuse one that does not say that it
   * is an object.
   */
  public JsonNode schema() {
    ObjectNode object =
        parameters instanceof ObjectNode given ? given : JsonNodeFactory.instance.objectNode();
    if (object.path("type").isTextual()) {
      return object;
    }
    ObjectNode typed = JsonNodeFactory.instance.objectNode().put("type", "object");
    if (object.isEmpty()) {
      typed.putObject("properties");
    }
    typed.setAll(object);
    return typed.put("type", "object");
  }
}
