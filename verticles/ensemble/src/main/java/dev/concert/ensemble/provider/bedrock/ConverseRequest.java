package dev.concert.ensemble.provider.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.model.ServedModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The body of {@code Converse} for a body of Anthropic's Messages. */
final class ConverseRequest {
  /** Fields of Converse itself, which {@code provider_config} may name. */
  private static final List<String> OWN =
      List.of(
          "additionalModelRequestFields",
          "additionalModelResponseFieldPaths",
          "guardrailConfig",
          "performanceConfig",
          "requestMetadata",
          "serviceTier");

  private static final Map<String, String> SAMPLING =
      Map.of(
          "max_tokens", "maxTokens",
          "temperature", "temperature",
          "top_p", "topP",
          "stop_sequences", "stopSequences");

  private ConverseRequest() {}

  static ObjectNode body(ServedModel model, JsonNode messages) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ConverseBlocks blocks = new ConverseBlocks();
    ArrayNode turns = body.putArray("messages");
    for (JsonNode message : messages.path("messages")) {
      ArrayNode content = blocks.written(message.path("content"));
      if (!content.isEmpty()) {
        turns.addObject().put("role", message.path("role").asText()).set("content", content);
      }
    }
    if (messages.has("system")) {
      body.set("system", blocks.written(messages.path("system")));
    }
    ObjectNode sampling = body.putObject("inferenceConfig");
    SAMPLING.forEach(
        (theirs, ours) -> {
          if (messages.has(theirs)) {
            sampling.set(ours, messages.path(theirs));
          }
        });
    tools(body, messages);
    schema(body, messages.at("/output_config/format"));
    OWN.stream().filter(messages::has).forEach(name -> body.set(name, messages.path(name)));
    thinking(model, messages)
        .ifPresent(more -> body.withObject("/additionalModelRequestFields").setAll(more));
    return body;
  }

  private static void tools(ObjectNode body, JsonNode messages) {
    JsonNode choice = messages.path("tool_choice");
    if (messages.path("tools").isEmpty() || choice.path("type").asText().equals("none")) {
      return;
    }
    ObjectNode config = body.putObject("toolConfig");
    ArrayNode tools = config.putArray("tools");
    for (JsonNode tool : messages.path("tools")) {
      ObjectNode spec = tools.addObject().putObject("toolSpec");
      spec.set("name", tool.path("name"));
      // It may not be empty.
      spec.put("description", tool.path("description").asText(tool.path("name").asText()));
      spec.putObject("inputSchema").set("json", tool.path("input_schema"));
      if (tool.has("strict")) {
        spec.set("strict", tool.path("strict"));
      }
      ConverseBlocks.mark(tool, tools);
    }
    switch (choice.path("type").asText()) {
      case "any" -> config.putObject("toolChoice").putObject("any");
      case "auto" -> config.putObject("toolChoice").putObject("auto");
      case "tool" ->
          config.putObject("toolChoice").putObject("tool").set("name", choice.path("name"));
      default -> {
        // The model decides.
      }
    }
  }

  private static void schema(ObjectNode body, JsonNode format) {
    if (format.has("schema")) {
      ObjectNode text = body.putObject("outputConfig").putObject("textFormat");
      text.put("type", "json_schema");
      text.putObject("structure")
          .putObject("jsonSchema")
          .put("name", "answer")
          .put("schema", format.path("schema").toString());
    }
  }

  /** Each vendor's models have their own field for it. */
  private static Optional<ObjectNode> thinking(ServedModel model, JsonNode messages) {
    String id = model.upstreamId();
    JsonNode effort = messages.at("/output_config/effort");
    ObjectNode more = JsonNodeFactory.instance.objectNode();
    if (messages.has("top_k") && !id.contains("nova")) {
      more.set("top_k", messages.path("top_k"));
    } else if (messages.has("top_k")) {
      more.putObject("inferenceConfig").set("topK", messages.path("top_k"));
    }
    if (id.contains("anthropic")) {
      if (messages.has("thinking")) {
        more.set("thinking", messages.path("thinking"));
      }
      if (effort.isTextual()) {
        more.putObject("output_config").set("effort", effort);
      }
    } else if (id.contains("nova") && messages.has("thinking")) {
      boolean on = !messages.path("thinking").path("type").asText().equals("disabled");
      ObjectNode reasoning = more.putObject("reasoningConfig");
      reasoning.put("type", on ? "enabled" : "disabled");
      if (on) {
        reasoning.put("maxReasoningEffort", level(effort));
      }
    } else if (effort.isTextual() || messages.path("thinking").has("budget_tokens")) {
      more.put("reasoning_effort", level(effort));
    }
    return Optional.of(more).filter(fields -> !fields.isEmpty());
  }

  /** These models know three. */
  private static String level(JsonNode effort) {
    return switch (effort.asText()) {
      case "minimal", "low" -> "low";
      case "high", "xhigh", "max" -> "high";
      default -> "medium";
    };
  }
}
