package dev.concert.ensemble.provider;

import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import java.util.Optional;

/**
 * How an answer ended.
 *
 * @param theirReason the provider's own word for it; empty when it has none
 * @param stopSequence the one that ended the answer, where the provider says so
 * @param usage the provider's own count; empty when it sent none
 */
public record Outcome(
    FinishReason finishReason,
    Optional<String> theirReason,
    Optional<String> stopSequence,
    Optional<TokenCount> usage) {

  public Outcome(FinishReason finishReason, Optional<TokenCount> usage) {
    this(finishReason, Optional.empty(), Optional.empty(), usage);
  }
}
