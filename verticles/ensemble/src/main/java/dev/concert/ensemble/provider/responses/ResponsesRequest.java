package dev.concert.ensemble.provider.responses;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.message.ClientRequest;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.ResponseFormat;
import dev.concert.ensemble.message.ThinkingOptions;
import dev.concert.ensemble.message.ToolChoice;
import dev.concert.ensemble.message.ToolDefinition;
import dev.concert.ensemble.message.Wire;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.ServedModel;
import java.util.Locale;
import java.util.Set;

/**
 * The body of {@code POST /responses}. The API has no {@code top_k}, which is left out because it
 * only narrows sampling, and no stop sequences, which Ensemble finds in the response.
 */
final class ResponsesRequest {
  /** Fields of Chat Completions that this API has too. */
  private static final Set<String> SHARED =
      Set.of("user", "metadata", "service_tier", "safety_identifier", "prompt_cache_retention");

  private static final String VERBOSITY = "verbosity";

  private ResponsesRequest() {}

  static JsonNode body(ServedModel model, InferenceRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model.upstreamId());
    CustomTools custom = CustomTools.of(request);
    InputItemBuilder items = new InputItemBuilder(custom);
    request.messages().forEach(items::add);
    body.set("input", items.written());
    body.put("store", false);
    if (model.can().streaming()) {
      body.put("stream", true);
    }
    request
        .maxTokensWithin(model.maxOutputTokens())
        .ifPresent(most -> body.put("max_output_tokens", most));
    sampling(body, model.can(), request);
    tools(body, request, custom);
    if (model.can().thinking()) {
      // Without it the reasoning is lost for the next turn; other models reject it.
      body.putArray("include").add("reasoning.encrypted_content");
      thinking(body, request.thinking());
    }
    request.structured().ifPresent(format -> format(body, format));
    request.clientOn(Wire.CHAT).ifPresent(chat -> shared(body, chat.body()));
    if (request.cacheKey() != null) {
      body.put("prompt_cache_key", request.cacheKey());
    }
    if (request.providerConfig() != null) {
      body.setAll(request.providerConfig());
    }
    return body;
  }

  /** Whether a field of a client of another API arrives. */
  static boolean carries(ClientRequest other, String field) {
    return other.wire() == Wire.CHAT
        && (SHARED.contains(field) || field.equals(VERBOSITY) || CustomTools.isFormat(field));
  }

  private static void shared(ObjectNode body, JsonNode chat) {
    SHARED.stream()
        .filter(chat::hasNonNull)
        .sorted()
        .forEach(name -> body.set(name, chat.path(name)));
    if (chat.hasNonNull(VERBOSITY)) {
      body.withObject("/text").set(VERBOSITY, chat.path(VERBOSITY));
    }
  }

  private static void sampling(ObjectNode body, Capabilities can, InferenceRequest request) {
    Double temperature = can.unlessDropped("temperature", request.temperature());
    Double topP = can.unlessDropped("top_p", request.topP());
    if (temperature != null) {
      body.put("temperature", temperature);
    }
    if (topP != null) {
      body.put("top_p", topP);
    }
  }

  private static void tools(ObjectNode body, InferenceRequest request, CustomTools custom) {
    if (request.offeredTools().isEmpty()) {
      return;
    }
    ArrayNode tools = body.putArray("tools");
    request.offeredTools().forEach(tool -> tools.add(tool(tool, custom)));
    if (request.toolChoice() != null) {
      body.set("tool_choice", choice(request.toolChoice(), custom));
    }
    if (request.parallelToolCalls() != null) {
      body.put("parallel_tool_calls", request.parallelToolCalls());
    }
  }

  private static JsonNode tool(ToolDefinition tool, CustomTools custom) {
    if (tool.runsAtProvider()) {
      return tool.serverTool();
    }
    if (custom.has(tool.name())) {
      return custom.tool(tool.name());
    }
    ObjectNode node =
        JsonNodeFactory.instance.objectNode().put("type", "function").put("name", tool.name());
    if (tool.description() != null) {
      node.put("description", tool.description());
    }
    node.set("parameters", tool.schema());
    // In this API alone, strict is the default.
    return node.put("strict", Boolean.TRUE.equals(tool.strict()));
  }

  private static JsonNode choice(ToolChoice choice, CustomTools custom) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (choice.type()) {
      case AUTO -> json.textNode("auto");
      case ANY -> json.textNode("required");
      case NONE -> json.textNode("none");
      case TOOL ->
          json.objectNode()
              .put("type", custom.has(choice.name()) ? "custom" : "function")
              .put("name", choice.name());
    };
  }

  private static void thinking(ObjectNode body, ThinkingOptions thinking) {
    if (thinking != null) {
      ThinkingOptions.Effort effort = thinking.asEffort();
      // The vendor's highest effort is xhigh.
      String word =
          effort == ThinkingOptions.Effort.MAX ? "xhigh" : effort.name().toLowerCase(Locale.ROOT);
      body.putObject("reasoning").put("effort", word).put("summary", "auto");
    }
  }

  private static void format(ObjectNode body, ResponseFormat format) {
    ObjectNode node = body.withObject("/text").putObject("format");
    if (format.type() != ResponseFormat.Type.JSON_SCHEMA) {
      node.put("type", "json_object");
      return;
    }
    node.put("type", "json_schema").put("name", format.nameOrDefault());
    node.set("schema", format.schema());
    if (format.strict() != null) {
      node.put("strict", format.strict());
    }
  }
}
