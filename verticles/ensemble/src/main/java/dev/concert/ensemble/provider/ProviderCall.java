package dev.concert.ensemble.provider;

import dev.concert.ensemble.model.TokenCount;
import io.vertx.core.Future;
import java.util.Optional;

/** A call in progress at a provider. Use it on the context that started it. */
public interface ProviderCall {
  /**
   * Completes when the answer ends normally. A truncated, malformed or unfinished answer is a
   * failure. The failure is a {@code ConcertException} with a code of the provider family.
   */
  Future<ProviderOutcome> outcome();

  /** The provider's token counts so far, for an answer that is cut off. */
  default Optional<TokenCount> counted() {
    return Optional.empty();
  }

  /** Pauses the stream; a bounded number of blocks that have already arrived may still follow. */
  void pause();

  void resume();

  /**
   * Cancels the call because it is no longer wanted. No further block follows, and the outcome may
   * never complete. This does not count against the provider.
   */
  void cancel();

  /** Cancels the call because the provider took too long, which counts against it. */
  default void timeOut() {
    cancel();
  }
}
