package dev.concert.ensemble.message;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import dev.concert.ensemble.block.Block;
import dev.concert.ensemble.routing.Routing;
import java.util.List;

/**
 * A whole answer: the data of {@code done} and the body of {@code /generate}.
 *
 * @param id the request id
 * @param blocks merged: text, thinking, tool calls and opaque blocks
 * @param inputTokens prompt tokens that were neither read from nor written to the provider's cache
 * @param outputTokens tokens of the answer, thinking included
 * @param cachedTokens prompt tokens read from the cache
 * @param cacheWriteTokens prompt tokens written to it; a prompt token is in exactly one of the
 *     three
 * @param reasoningTokens the part of {@code outputTokens} that was thinking, where the provider
 *     says so
 * @param cost US dollars as a plain decimal, exact
 * @param stopSequence the one that ended the answer; nullable
 * @param providerFinishReason the provider's own word; nullable
 * @param routing why the call went where it went
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
    Routing routing) {}
