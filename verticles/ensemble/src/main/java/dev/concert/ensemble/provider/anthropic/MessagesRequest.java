package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.CacheControl;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.ResponseFormat;
import dev.concert.ensemble.message.Thinking;
import dev.concert.ensemble.message.ToolChoice;
import dev.concert.ensemble.message.ToolDefinition;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.Capabilities.ThinkingStyle;
import dev.concert.ensemble.model.ServedModel;
import java.util.Locale;
import java.util.Optional;

/** The body of {@code POST /v1/messages}. */
final class MessagesRequest {
  /** The provider's least budget of thinking. */
  private static final int LEAST_BUDGET = 1_024;

  private MessagesRequest() {}

  static JsonNode body(ServedModel model, InferenceRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model.upstreamId());
    int most = request.maxTokensWithin(model.maxOutputTokens()).orElse(model.maxOutputTokens());
    body.put("max_tokens", most);
    if (model.can().streaming()) {
      body.put("stream", true);
    }
    Conversation conversation = new Conversation();
    request.messages().forEach(conversation::add);
    if (request.cacheControl() != null) {
      conversation.markEnd(request.cacheControl());
    } else if (!request.offeredTools().isEmpty() && !CacheMarks.in(request)) {
      // An agent's conversation comes back longer each time; unmarked, all of it is read anew.
      conversation.markSystem(CacheControl.EPHEMERAL);
      conversation.markEnd(CacheControl.EPHEMERAL);
    }
    if (!conversation.system().isEmpty()) {
      body.set("system", conversation.system());
    }
    body.set("messages", conversation.messages());
    tools(body, request);
    boolean thinks = thinking(body, model.can(), request.thinking(), most);
    sampling(body, model.can(), request, thinks);
    request.structured().ifPresent(format -> format(body, format));
    if (request.providerConfig() != null) {
      body.setAll(request.providerConfig());
    }
    return body;
  }

  static void mark(ObjectNode node, CacheControl control) {
    if (control != null) {
      ObjectNode mark = node.putObject("cache_control").put("type", control.type());
      if (control.ttl() != null) {
        mark.put("ttl", control.ttl());
      }
    }
  }

  private static void tools(ObjectNode body, InferenceRequest request) {
    if (request.offeredTools().isEmpty()) {
      return;
    }
    ArrayNode tools = body.putArray("tools");
    request.offeredTools().forEach(tool -> tools.add(tool(tool)));
    boolean oneByOne = Boolean.FALSE.equals(request.parallelToolCalls());
    if (request.toolChoice() != null || oneByOne) {
      ToolChoice choice =
          Optional.ofNullable(request.toolChoice())
              .orElse(new ToolChoice(ToolChoice.Type.AUTO, null));
      ObjectNode node =
          body.putObject("tool_choice").put("type", choice.type().name().toLowerCase(Locale.ROOT));
      if (choice.type() == ToolChoice.Type.TOOL) {
        node.put("name", choice.name());
      }
      if (oneByOne && choice.type() != ToolChoice.Type.NONE) {
        node.put("disable_parallel_tool_use", true);
      }
    }
  }

  private static JsonNode tool(ToolDefinition tool) {
    if (tool.runsAtProvider()) {
      return tool.serverTool();
    }
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("name", tool.name());
    if (tool.description() != null) {
      node.put("description", tool.description());
    }
    node.set("input_schema", tool.schema());
    if (tool.strict() != null) {
      node.put("strict", tool.strict());
    }
    mark(node, tool.cacheControl());
    return node;
  }

  /** True when the model will think. */
  private static boolean thinking(ObjectNode body, Capabilities can, Thinking wish, int most) {
    if (wish == null || !can.thinking()) {
      return false;
    }
    if (wish.asBudget() == 0) {
      body.putObject("thinking").put("type", "disabled");
      return false;
    }
    if (can.thinkingStyle() == ThinkingStyle.EFFORT) {
      // Without 'summarized' newer models think in silence, and nobody sees that they do.
      body.putObject("thinking").put("type", "adaptive").put("display", "summarized");
      body.withObject("/output_config").put("effort", word(wish.asEffort()));
      return true;
    }
    // The budget is a part of max_tokens and must leave something for the answer.
    int budget = Math.min(Math.max(wish.asBudget(), LEAST_BUDGET), most / 2);
    if (budget < LEAST_BUDGET) {
      return false;
    }
    body.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
    return true;
  }

  /** The provider's scale begins at {@code low}. */
  private static String word(Thinking.Effort effort) {
    return effort == Thinking.Effort.MINIMAL ? "low" : effort.name().toLowerCase(Locale.ROOT);
  }

  /** The provider refuses temperature and top_k beside thinking, and both of the first two. */
  private static void sampling(
      ObjectNode body, Capabilities can, InferenceRequest request, boolean thinks) {
    Double temperature = can.unlessDropped("temperature", request.temperature());
    Double topP = can.unlessDropped("top_p", request.topP());
    Integer topK = can.unlessDropped("top_k", request.topK());
    if (!thinks && temperature != null) {
      // Its scale ends at 1.
      body.put("temperature", Math.min(temperature, 1.0));
    } else if (!thinks && topP != null) {
      body.put("top_p", topP);
    }
    if (!thinks && topK != null) {
      body.put("top_k", topK);
    }
    if (!request.stops().isEmpty()) {
      ArrayNode stops = body.putArray("stop_sequences");
      request.stops().forEach(stops::add);
    }
  }

  /** There is no form without a schema: any object is one that says only that. */
  private static void format(ObjectNode body, ResponseFormat format) {
    ObjectNode node = body.withObject("/output_config").putObject("format");
    node.put("type", "json_schema");
    if (format.type() == ResponseFormat.Type.JSON_SCHEMA) {
      node.set("schema", format.schema());
    } else {
      node.putObject("schema").put("type", "object");
    }
  }
}
