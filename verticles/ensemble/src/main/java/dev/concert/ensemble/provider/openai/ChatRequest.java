package dev.concert.ensemble.provider.openai;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.concert.bus.Json;
import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.message.ToolDefinition;
import dev.concert.ensemble.model.ServedModel;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** The body of {@code POST /chat/completions}. Made from our request by a pure function. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChatRequest(
    String model,
    List<ChatMessage> messages,
    boolean stream,
    @JsonProperty("stream_options") StreamOptions streamOptions,
    @JsonProperty("max_tokens") Integer maxTokens,
    @JsonProperty("max_completion_tokens") Integer maxCompletionTokens,
    Double temperature,
    @JsonProperty("top_p") Double topP,
    List<String> stop,
    List<Tool> tools) {

  /** Without {@code include_usage} a stream says nothing of its tokens. */
  record StreamOptions(@JsonProperty("include_usage") boolean includeUsage) {}

  record Tool(String type, Function function) {}

  record Function(String name, String description, JsonNode parameters, Boolean strict) {}

  /**
   * @param maxTokensField which of the two names of the limit the server knows
   */
  static ChatRequest of(ServedModel model, InferenceRequest request, String maxTokensField) {
    Integer most =
        request.maxTokens() == null
            ? null
            : Integer.valueOf(Math.min(request.maxTokens(), model.maxOutputTokens()));
    boolean modern = "max_completion_tokens".equals(maxTokensField);
    return new ChatRequest(
        model.upstreamId(),
        request.messages().stream().map(ChatMessage::of).toList(),
        true,
        new StreamOptions(true),
        modern ? null : most,
        modern ? most : null,
        request.temperature(),
        request.topP(),
        emptyAsNull(request.stopSequences()),
        emptyAsNull(request.offeredTools().stream().map(ChatRequest::tool).toList()));
  }

  Buffer toJson() {
    try {
      return Buffer.buffer(Json.MAPPER.writeValueAsBytes(this));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("What was read from JSON can be written as JSON", e);
    }
  }

  private static Tool tool(ToolDefinition tool) {
    JsonNode none =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "object")
            .set("properties", JsonNodeFactory.instance.objectNode());
    boolean given = tool.parameters() != null && tool.parameters().isObject();
    return new Tool(
        "function",
        new Function(
            tool.name(), tool.description(), given ? tool.parameters() : none, tool.strict()));
  }

  /** An empty list is an error to some servers. */
  private static <T> List<T> emptyAsNull(List<T> list) {
    return list == null || list.isEmpty() ? null : list;
  }
}
