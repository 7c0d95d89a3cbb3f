package dev.concert.ensemble.pipeline;

import dev.concert.ensemble.model.TokenCount;
import dev.concert.ensemble.routing.affinity.PromptPrefixes;

/**
 * What the later stages need to know of a prompt.
 *
 * @param tokens an estimate of the prompt
 * @param withAnswer an estimate of the prompt and a usual answer
 * @param prefixes what cache-aware routing compares
 */
record Prompt(long tokens, long withAnswer, PromptPrefixes prefixes) {
  TokenCount estimate() {
    return TokenCount.estimate(tokens, withAnswer - tokens);
  }
}
