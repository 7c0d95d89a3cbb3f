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
 * @param parameters JSON Schema of the arguments; null means that there are none
 * @param strict whether the provider shall enforce the schema; nullable
 * @param cacheControl nullable
 * @param serverTool a tool that runs on the provider's side, in the provider's own form and with
 *     its {@code type}; it is sent as it is, if the provider's configuration allows the type; null
 *     for all others
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

  /** The schema; that of an object without fields where none was given. */
  public JsonNode schema() {
    if (parameters != null && parameters.isObject()) {
      return parameters;
    }
    ObjectNode none = JsonNodeFactory.instance.objectNode().put("type", "object");
    none.putObject("properties");
    return none;
  }
}
