package dev.concert.ensemble.usage;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;

/**
 * The estimated tokens of a call, before it is made.
 *
 * @param prompt tokens of the prompt
 * @param likely tokens of the usual answers, which count if the call is cut off by a crash
 * @param most tokens that all answers together may have at most
 */
public record CallEstimate(long prompt, long likely, long most) {
  /** Tokens of an answer whose length the client does not limit. */
  private static final int USUAL_ANSWER = 1024;

  /** Estimates a call whose prompt has so many tokens. */
  public static CallEstimate of(long prompt, InferenceRequest request, ServedModel model) {
    long most =
        request.form().choices()
            * request.maxTokensWithin(model.maxOutputTokens()).orElse(model.maxOutputTokens());
    return new CallEstimate(prompt, Math.min(most, usualAnswer(request)), most);
  }

  /** The expected tokens of the answers before the model is known. */
  public static long usualAnswer(InferenceRequest request) {
    return request.form().choices()
        * request.maxTokensWithin(Integer.MAX_VALUE).orElse(USUAL_ANSWER);
  }

  /** The tokens that count if the call is cut off by a crash. */
  public TokenCount likelyTokens() {
    return TokenCount.estimate(prompt, likely);
  }
}
