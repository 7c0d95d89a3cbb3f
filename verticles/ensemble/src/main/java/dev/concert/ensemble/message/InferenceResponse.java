package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.block.Block;
import java.util.List;

/**
 * A whole answer: the data of {@code done} and the body of {@code /generate}.
 *
 * @param id the request id
 * @param blocks merged: text, thinking and tool calls only
 * @param inputTokens prompt tokens that were not read from the provider's cache
 * @param cachedTokens prompt tokens that were; a prompt token is in exactly one of the two
 * @param cost US dollars as a plain decimal, exact
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
    String cost,
    FinishReason finishReason) {}
