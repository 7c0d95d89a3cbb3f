package dev.concert.ensemble.usage;

import dev.concert.ensemble.message.InferenceRequest;
import dev.concert.ensemble.model.ServedModel;
import dev.concert.ensemble.model.TokenCount;

/**
 * What a call may need, before it is made.
 *
 * @param prompt its tokens
 * @param likely tokens of its answer, where nothing was ever heard of it
 * @param most tokens the answer may have at most
 */
public record CallEstimate(long prompt, long likely, long most) {
  /** Tokens of an answer whose length the client did not limit. */
  private static final int USUAL_ANSWER = 1024;

  /** Reads the whole prompt: for a large one not on an event loop. */
  public static CallEstimate of(InferenceRequest request, ServedModel model) {
    return of(TokenEstimate.ofPrompt(request), request, model);
  }

  public static CallEstimate of(long prompt, InferenceRequest request, ServedModel model) {
    long most = request.maxTokensWithin(model.maxOutputTokens()).orElse(model.maxOutputTokens());
    return new CallEstimate(prompt, Math.min(most, usualAnswer(request)), most);
  }

  /** Tokens of answer to expect where it is not yet known which model it will be. */
  public static long usualAnswer(InferenceRequest request) {
    return request.maxTokensWithin(Integer.MAX_VALUE).orElse(USUAL_ANSWER);
  }

  /** The tokens of a call of which nothing was heard again. */
  public TokenCount likelyTokens() {
    return TokenCount.estimate(prompt, likely);
  }
}
