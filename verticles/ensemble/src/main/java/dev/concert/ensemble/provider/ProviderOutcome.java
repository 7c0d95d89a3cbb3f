package dev.concert.ensemble.provider;

import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import java.util.Optional;

/**
 * How an answer ended.
 *
 * @param theirReason the provider's own finish reason; empty if it has none
 * @param stopSequence the stop sequence that ended the answer, if the provider names it
 * @param usage the provider's token counts; empty if it sent none
 */
public record ProviderOutcome(
    FinishReason finishReason,
    Optional<String> theirReason,
    Optional<String> stopSequence,
    Optional<TokenCount> usage) {

  public ProviderOutcome(FinishReason finishReason, Optional<TokenCount> usage) {
    this(finishReason, Optional.empty(), Optional.empty(), usage);
  }
}
