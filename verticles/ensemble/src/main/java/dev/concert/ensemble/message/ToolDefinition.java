package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A tool the model may call.
 *
 * @param description nullable
 * @param parameters JSON Schema of the arguments; null means that there are none
 * @param strict whether the provider shall enforce the schema; nullable
 */
public record ToolDefinition(
    String name, String description, JsonNode parameters, Boolean strict) {}
