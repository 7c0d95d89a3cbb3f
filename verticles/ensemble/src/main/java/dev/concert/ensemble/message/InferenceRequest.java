package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
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
 * @param stopSequences nullable
 * @param tools nullable
 */
@JsonNaming(SnakeCaseStrategy.class)
public record InferenceRequest(
    String model,
    List<Message> messages,
    Integer maxTokens,
    Double temperature,
    Double topP,
    List<String> stopSequences,
    List<ToolDefinition> tools) {

  /** The tools that are offered; empty when there are none. */
  public List<ToolDefinition> offeredTools() {
    return Optional.ofNullable(tools).orElse(List.of());
  }
}
