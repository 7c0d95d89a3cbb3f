package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;
import java.util.List;

/**
 * A whole answer: the data of {@code done} and the body of {@code /generate}.
 *
 * @param id the request id
 * @param blocks the whole blocks: text, thinking, tool calls and opaque blocks
 * @param inputTokens prompt tokens that were neither read from nor written to the provider's cache
 * @param outputTokens tokens of the answer, thinking included
 * @param cachedTokens prompt tokens read from the cache
 * @param cacheWriteTokens prompt tokens written to it; a prompt token is in exactly one of the
 *     three
 * @param reasoningTokens the part of {@code outputTokens} that was thinking, if the provider
 *     reports it
 * @param cost US dollars as a plain decimal, exact; {@code unknown} for a model without a price
 * @param stopSequence the stop sequence that ended the answer; nullable
 * @param providerFinishReason the provider's own finish reason; nullable
 * @param routing where the call went and why
 */
@JsonNaming(SnakeCaseStrategy.class)
public record InferenceResponse(
    String id,
    String model,
    String provider,
    List<Block> blocks,
    long inputTokens,
    long outputTokens,
    long cachedTokens,
    long cacheWriteTokens,
    long reasoningTokens,
    String cost,
    FinishReason finishReason,
    String stopSequence,
    String providerFinishReason,
    RoutingSummary routing) {

  /** An answer of a model, at the model's price. */
  public static InferenceResponse of(
      String id,
      ServedModel model,
      List<Block> blocks,
      TokenCount tokens,
      FinishReason reason,
      String stopSequence,
      String providerReason,
      RoutingSummary routing) {
    return new InferenceResponse(
        id,
        model.id(),
        model.provider(),
        blocks,
        tokens.input(),
        tokens.output(),
        tokens.cached(),
        tokens.cacheWrite(),
        tokens.reasoning(),
        model.price().writtenCost(tokens),
        reason,
        stopSequence,
        providerReason,
        routing);
  }
}
