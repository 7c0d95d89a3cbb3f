package dev.concert.ensemble.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.CacheControl;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.ResponseFormat;
import dev.concert.ensemble.message.ThinkingOptions;
import dev.concert.ensemble.message.ToolChoice;
import dev.concert.ensemble.message.ToolDefinition;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.ServedModel;
import java.util.Locale;

/** The body of {@code POST /chat/completions}. */
final class ChatRequest {
  private ChatRequest() {}

  static JsonNode body(
      String provider, ChatTraits traits, ServedModel model, InferenceRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model.upstreamId());
    ChatMessages messages = new ChatMessages(provider, traits);
    request.messages().forEach(messages::add);
    body.set("messages", messages.written());
    body.put("stream", model.can().streaming());
    if (model.can().streaming()) {
      // Without it a stream has no token counts.
      body.putObject("stream_options").put("include_usage", true);
    }
    request
        .maxTokensWithin(model.maxOutputTokens())
        .ifPresent(most -> body.put(traits.maxTokensField(), most));
    sampling(body, model.can(), request);
    tools(body, traits, request);
    thinking(body, traits, request.thinking());
    request.structured().ifPresent(format -> body.set("response_format", format(format)));
    if (traits.cacheKey() && request.cacheKey() != null) {
      body.put("prompt_cache_key", request.cacheKey());
    }
    if (request.providerConfig() != null) {
      body.setAll(request.providerConfig());
    }
    return body;
  }

  /** A cache mark in Anthropic's format, which OpenRouter passes on. */
  static void mark(ObjectNode node, CacheControl control) {
    if (control != null) {
      ObjectNode mark = node.putObject("cache_control").put("type", control.type());
      if (control.ttl() != null) {
        mark.put("ttl", control.ttl());
      }
    }
  }

  private static void sampling(ObjectNode body, Capabilities can, InferenceRequest request) {
    Double temperature = can.unlessDropped("temperature", request.temperature());
    Double topP = can.unlessDropped("top_p", request.topP());
    Integer topK = can.unlessDropped("top_k", request.topK());
    if (temperature != null) {
      body.put("temperature", temperature);
    }
    if (topP != null) {
      body.put("top_p", topP);
    }
    if (topK != null) {
      body.put("top_k", topK);
    }
    if (!request.stops().isEmpty()) {
      ArrayNode stop = body.putArray("stop");
      request.stops().forEach(stop::add);
    }
  }

  private static void tools(ObjectNode body, ChatTraits traits, InferenceRequest request) {
    if (request.offeredTools().isEmpty()) {
      return;
    }
    ArrayNode tools = body.putArray("tools");
    request.offeredTools().forEach(tool -> tools.add(tool(traits, tool)));
    if (request.toolChoice() != null) {
      body.set("tool_choice", choice(request.toolChoice()));
    }
    if (request.parallelToolCalls() != null) {
      body.put("parallel_tool_calls", request.parallelToolCalls());
    }
  }

  private static JsonNode tool(ChatTraits traits, ToolDefinition tool) {
    if (tool.runsAtProvider()) {
      return tool.serverTool();
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("type", "function");
    ObjectNode function = node.putObject("function").put("name", tool.name());
    if (tool.description() != null) {
      function.put("description", tool.description());
    }
    function.set("parameters", tool.schema());
    if (tool.strict() != null) {
      function.put("strict", tool.strict());
    }
    if (traits.cacheMarks()) {
      mark(node, tool.cacheControl());
    }
    return node;
  }

  private static JsonNode choice(ToolChoice choice) {
    JsonNodeFactory json = JsonNodeFactory.instance;
    return switch (choice.type()) {
      case AUTO -> json.textNode("auto");
      case ANY -> json.textNode("required");
      case NONE -> json.textNode("none");
      case TOOL -> {
        ObjectNode node = json.objectNode().put("type", "function");
        node.putObject("function").put("name", choice.name());
        yield node;
      }
    };
  }

  private static void thinking(ObjectNode body, ChatTraits traits, ThinkingOptions thinking) {
    if (thinking == null) {
      return;
    }
    String effort = word(thinking);
    switch (traits.reasoning()) {
      case EFFORT -> body.put("reasoning_effort", effort);
      case OBJECT -> {
        ObjectNode reasoning = body.putObject("reasoning");
        if (thinking.budgetTokens() == null) {
          reasoning.put("effort", effort);
        } else {
          reasoning.put("max_tokens", thinking.budgetTokens());
        }
      }
    }
  }

  /** OpenAI's highest effort is {@code xhigh}. */
  private static String word(ThinkingOptions thinking) {
    ThinkingOptions.Effort effort = thinking.asEffort();
    return effort == ThinkingOptions.Effort.MAX ? "xhigh" : effort.name().toLowerCase(Locale.ROOT);
  }

  private static JsonNode format(ResponseFormat format) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    if (format.type() != ResponseFormat.Type.JSON_SCHEMA) {
      return node.put("type", "json_object");
    }
    ObjectNode schema = node.put("type", "json_schema").putObject("json_schema");
    schema.put("name", format.nameOrDefault()).set("schema", format.schema());
    if (format.strict() != null) {
      schema.put("strict", format.strict());
    }
    return node;
  }
}
