package dev.concert.ensemble.provider.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.ResponseFormat;
import dev.concert.ensemble.message.ThinkingOptions;
import dev.concert.ensemble.message.ToolChoice;
import dev.concert.ensemble.message.ToolDefinition;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.Capabilities.ThinkingStyle;
import dev.concert.ensemble.model.ServedModel;
import java.util.Optional;

/**
 * The body of {@code generateContent}. The API caches automatically and cannot be limited to one
 * tool call, so cache marks and {@code parallel_tool_calls} are left out.
 */
final class GenerateRequest {
  private GenerateRequest() {}

  static JsonNode body(ServedModel model, InferenceRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    ContentMapper contents = new ContentMapper();
    request.messages().forEach(contents::add);
    contents.beginWithUser();
    if (!contents.system().isEmpty()) {
      body.putObject("systemInstruction").set("parts", contents.system());
    }
    body.set("contents", contents.written());
    tools(body, request);
    ObjectNode generation = generation(model, request);
    if (!generation.isEmpty()) {
      body.set("generationConfig", generation);
    }
    if (request.providerConfig() != null) {
      body.setAll(request.providerConfig());
    }
    return body;
  }

  private static void tools(ObjectNode body, InferenceRequest request) {
    if (request.offeredTools().isEmpty()) {
      return;
    }
    ArrayNode tools = body.putArray("tools");
    ArrayNode functions = JsonNodeFactory.instance.arrayNode();
    for (ToolDefinition tool : request.offeredTools()) {
      if (tool.runsAtProvider()) {
        tools.add(serverTool(tool));
      } else {
        functions.add(function(tool));
      }
    }
    if (!functions.isEmpty()) {
      tools.addObject().set("functionDeclarations", functions);
    }
    boolean strict =
        request.offeredTools().stream().anyMatch(tool -> Boolean.TRUE.equals(tool.strict()));
    choice(request, strict)
        .ifPresent(choice -> body.putObject("toolConfig").set("functionCallingConfig", choice));
  }

  /** A server tool's type is the name of a field: {@code {"googleSearch": {}}}. */
  private static ObjectNode serverTool(ToolDefinition tool) {
    ObjectNode options = ((ObjectNode) tool.serverTool()).deepCopy();
    String type = options.remove("type").asText();
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    node.set(type, options);
    return node;
  }

  private static ObjectNode function(ToolDefinition tool) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("name", tool.name());
    if (tool.description() != null) {
      node.put("description", tool.description());
    }
    node.set("parametersJsonSchema", tool.schema());
    return node;
  }

  private static Optional<ObjectNode> choice(InferenceRequest request, boolean strict) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    ToolChoice choice =
        Optional.ofNullable(request.toolChoice())
            .orElse(new ToolChoice(ToolChoice.Type.AUTO, null));
    return switch (choice.type()) {
      // VALIDATED is AUTO with the schema enforced.
      case AUTO ->
          strict || request.toolChoice() != null
              ? Optional.of(node.put("mode", strict ? "VALIDATED" : "AUTO"))
              : Optional.empty();
      case ANY -> Optional.of(node.put("mode", "ANY"));
      case NONE -> Optional.of(node.put("mode", "NONE"));
      case TOOL -> {
        node.put("mode", "ANY").putArray("allowedFunctionNames").add(choice.name());
        yield Optional.of(node);
      }
    };
  }

  private static ObjectNode generation(ServedModel model, InferenceRequest request) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    Capabilities can = model.can();
    request
        .maxTokensWithin(model.maxOutputTokens())
        .ifPresent(most -> node.put("maxOutputTokens", most));
    Double temperature = can.unlessDropped("temperature", request.temperature());
    Double topP = can.unlessDropped("top_p", request.topP());
    Integer topK = can.unlessDropped("top_k", request.topK());
    if (temperature != null) {
      node.put("temperature", temperature);
    }
    if (topP != null) {
      node.put("topP", topP);
    }
    if (topK != null) {
      node.put("topK", topK);
    }
    if (!request.stops().isEmpty()) {
      ArrayNode stops = node.putArray("stopSequences");
      request.stops().forEach(stops::add);
    }
    request.structured().ifPresent(format -> format(node, format));
    if (request.thinking() != null && can.thinking()) {
      node.set("thinkingConfig", thinking(can, request.thinking()));
    }
    return node;
  }

  private static ObjectNode thinking(Capabilities can, ThinkingOptions wish) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (can.thinkingStyle() == ThinkingStyle.BUDGET) {
      return node.put("includeThoughts", wish.asBudget() > 0)
          .put("thinkingBudget", wish.asBudget());
    }
    return node.put("includeThoughts", true).put("thinkingLevel", level(wish.asEffort()));
  }

  /** The vendor's thinking level; models with levels cannot switch thinking off. */
  private static String level(ThinkingOptions.Effort effort) {
    return switch (effort) {
      case NONE, MINIMAL -> "minimal";
      case LOW -> "low";
      case MEDIUM -> "medium";
      case HIGH, XHIGH, MAX -> "high";
    };
  }

  private static void format(ObjectNode node, ResponseFormat format) {
    node.put("responseMimeType", "application/json");
    if (format.type() == ResponseFormat.Type.JSON_SCHEMA) {
      node.set("responseJsonSchema", format.schema());
    }
  }
}
