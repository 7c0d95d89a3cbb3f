package dev.concert.ensemble.provider;

import dev.concert.ensemble.message.FinishReason;
import dev.concert.ensemble.model.TokenCount;
import java.util.Optional;

/**
 * How an answer ended.
 *
 * @param usage the provider's own count; empty when it sent none
 */
public record Outcome(FinishReason finishReason, Optional<TokenCount> usage) {}
