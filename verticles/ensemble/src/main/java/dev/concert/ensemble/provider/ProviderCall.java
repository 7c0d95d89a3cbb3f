package dev.concert.ensemble.provider;

import dev.concert.ensemble.model.TokenCount;
import io.vertx.core.Future;
import java.util.Optional;

/** A call that is under way at a provider. Used from the context that started it. */
public interface ProviderCall {
  /**
   * Completes when the answer ended by itself. Everything else is a failure: a cut, a malformed or
   * an unfinished answer is never a normal end. The failure is a {@code ConcertException} with a
   * code of the provider family.
   */
  Future<Outcome> outcome();

  /** What the provider has counted so far, for an answer that does not reach its end. */
  default Optional<TokenCount> counted() {
    return Optional.empty();
  }

  /** Stops the flow; a bounded number of blocks that are already here may still come. */
  void pause();

  void resume();

  /**
   * Ends the call at the provider because nobody wants it any more; no further block comes and the
   * outcome may never complete. Nothing is learned about the provider by that.
   */
  void cancel();

  /** The same for a provider that took too long, which speaks against it. */
  default void timeOut() {
    cancel();
  }
}
