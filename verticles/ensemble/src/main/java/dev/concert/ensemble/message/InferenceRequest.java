package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.ensemble.block.CacheControl;
import java.util.List;
import java.util.Optional;

/**
 * What a client asks of a model: the body of {@code POST /api/v1/stream} and {@code /generate}.
 *
 * <p>Read it with {@link RequestReader}, which also checks it; the nullable components are those a
 * client may leave out.
 *
 * @param maxTokens at most so many tokens of answer; nullable
 * @param temperature 0 to 2; nullable
 * @param topP 0 to 1; nullable
 * @param topK nullable
 * @param stopSequences nullable
 * @param tools nullable
 * @param toolChoice nullable: as the model likes
 * @param parallelToolCalls false: at most one call in an answer; nullable
 * @param thinking nullable: the provider's default
 * @param responseFormat nullable: text
 * @param cacheControl a mark behind the whole prompt; nullable
 * @param cacheKey calls with the same one share a beginning: a hint for the provider's own cache;
 *     nullable
 * @param providerConfig fields to be set in the provider's own request as they are; nullable
 */
@JsonNaming(SnakeCaseStrategy.class)
public record InferenceRequest(
    String model,
    List<Message> messages,
    Integer maxTokens,
    Double temperature,
    Double topP,
    Integer topK,
    List<String> stopSequences,
    List<ToolDefinition> tools,
    ToolChoice toolChoice,
    Boolean parallelToolCalls,
    Thinking thinking,
    ResponseFormat responseFormat,
    CacheControl cacheControl,
    String cacheKey,
    ObjectNode providerConfig) {

  /** A request of the two things that every request has. */
  public static InferenceRequest of(String model, List<Message> messages) {
    return new InferenceRequest(
        model, messages, null, null, null, null, null, null, null, null, null, null, null, null,
        null);
  }

  /** The tools that are offered; empty when there are none. */
  public List<ToolDefinition> offeredTools() {
    return Optional.ofNullable(tools).orElse(List.of());
  }

  /** Empty when there are none. */
  public List<String> stops() {
    return Optional.ofNullable(stopSequences).orElse(List.of());
  }

  public Optional<Integer> maxTokensWithin(int most) {
    return Optional.ofNullable(maxTokens).map(asked -> Math.min(asked, most));
  }

  /** A form other than plain text, if one was asked for. */
  public Optional<ResponseFormat> structured() {
    return Optional.ofNullable(responseFormat)
        .filter(format -> format.type() != ResponseFormat.Type.TEXT);
  }
}
