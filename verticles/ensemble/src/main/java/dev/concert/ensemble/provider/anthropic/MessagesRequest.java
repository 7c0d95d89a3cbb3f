package dev.concert.ensemble.provider.anthropic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.CacheControl;
import dev.concert.ensemble.block.ExactJson;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.ResponseFormat;
import dev.concert.ensemble.message.ThinkingOptions;
import dev.concert.ensemble.message.ToolChoice;
import dev.concert.ensemble.message.ToolDefinition;
import dev.concert.ensemble.model.Capabilities;
import dev.concert.ensemble.model.Capabilities.ThinkingStyle;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.provider.upstream.NativeOption;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The body of {@code POST /v1/messages}. */
final class MessagesRequest {
  /** The provider's minimum thinking budget. */
  private static final int LEAST_BUDGET = 1_024;

  private MessagesRequest() {}

  static JsonNode body(ServedModel model, InferenceRequest request) {
    ObjectNode body = JsonNodeFactory.instance.objectNode().put("model", model.upstreamId());
    int most = request.maxTokensWithin(model.maxOutputTokens()).orElse(model.maxOutputTokens());
    body.put("max_tokens", most);
    if (model.can().streaming()) {
      body.put("stream", true);
    }
    MessageMapper conversation = new MessageMapper();
    request.messages().forEach(conversation::add);
    request.structured().ifPresent(format -> format(body, format, conversation));
    conversation.beginWithUser();
    if (request.cacheControl() != null) {
      conversation.markEnd(request.cacheControl());
    } else if (!request.offeredTools().isEmpty() && !CacheBreakpoints.in(request)) {
      // An agent's conversation grows with each call; without a mark all of it is read anew.
      conversation.markSystem(CacheControl.EPHEMERAL);
      conversation.markEnd(CacheControl.EPHEMERAL);
    }
    if (!conversation.system().isEmpty()) {
      body.set("system", conversation.system());
    }
    body.set("messages", conversation.messages());
    tools(body, request);
    boolean thinks = mayThink(model.can(), request) && thinking(body, model.can(), request, most);
    sampling(body, model.can(), request, thinks);
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

  /**
   * The API refuses to think before a call that it has to make. With a budget it also refuses to go
   * on after calls that were made without thinking, by another model or before it was switched on.
   */
  private static boolean mayThink(Capabilities can, InferenceRequest request) {
    boolean forced =
        !request.offeredTools().isEmpty()
            && request.toolChoice() != null
            && (request.toolChoice().type() == ToolChoice.Type.ANY
                || request.toolChoice().type() == ToolChoice.Type.TOOL);
    boolean calledWithout =
        can.thinkingStyle() == ThinkingStyle.BUDGET
            && MessageMapper.calledWithoutThinking(request.messages());
    return request.thinking() != null && can.thinking() && !forced && !calledWithout;
  }

  /** What the API does not take, or not together with the rest of this request. */
  static Set<NativeOption> lacks(Capabilities can, InferenceRequest request) {
    Set<NativeOption> lacking = EnumSet.of(NativeOption.CACHE_KEY);
    boolean thinks =
        request.thinking() != null && request.thinking().asBudget() != 0 && mayThink(can, request);
    if (thinks) {
      lacking.addAll(Set.of(NativeOption.TEMPERATURE, NativeOption.TOP_P, NativeOption.TOP_K));
    } else {
      lacking.add(NativeOption.THINKING);
      if (request.temperature() != null && !can.drops("temperature")) {
        lacking.add(NativeOption.TOP_P);
      }
    }
    return lacking;
  }

  /** Whether the model will think. */
  private static boolean thinking(
      ObjectNode body, Capabilities can, InferenceRequest request, int most) {
    ThinkingOptions wish = request.thinking();
    if (wish.asBudget() == 0) {
      body.putObject("thinking").put("type", "disabled");
      return false;
    }
    if (can.thinkingStyle() == ThinkingStyle.EFFORT) {
      // Without 'summarized' newer models do not stream their thinking.
      body.putObject("thinking").put("type", "adaptive").put("display", "summarized");
      body.withObject("/output_config").put("effort", word(wish.asEffort()));
      return true;
    }
    // The budget is part of max_tokens and must leave room for the answer.
    int budget = Math.min(Math.max(wish.asBudget(), LEAST_BUDGET), most / 2);
    if (budget < LEAST_BUDGET) {
      return false;
    }
    body.putObject("thinking").put("type", "enabled").put("budget_tokens", budget);
    return true;
  }

  /** The provider's lowest effort is {@code low}. */
  private static String word(ThinkingOptions.Effort effort) {
    return effort == ThinkingOptions.Effort.MINIMAL
        ? "low"
        : effort.name().toLowerCase(Locale.ROOT);
  }

  /**
   * The provider rejects temperature and top_k together with thinking, and temperature together
   * with top_p.
   */
  private static void sampling(
      ObjectNode body, Capabilities can, InferenceRequest request, boolean thinks) {
    Double temperature = can.unlessDropped("temperature", request.temperature());
    Double topP = can.unlessDropped("top_p", request.topP());
    Integer topK = can.unlessDropped("top_k", request.topK());
    if (!thinks && temperature != null) {
      // The provider's maximum is 1.
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

  /**
   * The API has no JSON mode without a schema, and no schema for objects with any fields: there the
   * model is told.
   */
  private static void format(ObjectNode body, ResponseFormat format, MessageMapper conversation) {
    if (format.type() != ResponseFormat.Type.JSON_SCHEMA) {
      conversation.instruct("Answer with one JSON object and nothing else.");
      return;
    }
    OutputSchema.of(format.schema())
        .ifPresentOrElse(
            schema ->
                body.withObject("/output_config")
                    .putObject("format")
                    .put("type", "json_schema")
                    .set("schema", schema),
            () ->
                conversation.instruct(
                    "Answer with JSON of this JSON Schema and nothing else: "
                        + ExactJson.text(format.schema())));
  }
}
