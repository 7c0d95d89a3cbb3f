package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.ensemble.provider.ProviderOutcome;
import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/** A call that fails at once, because the request cannot be expressed in the vendor's API. */
final class RejectedCall implements ProviderCall {
  private final Promise<ProviderOutcome> outcome = Promise.promise();

  /** Fails on a later turn of the event loop, like any call, so that its caller is ready for it. */
  RejectedCall(Vertx vertx, ConcertException why) {
    vertx.getOrCreateContext().runOnContext(now -> outcome.fail(why));
  }

  @Override
  public Future<ProviderOutcome> outcome() {
    return outcome.future();
  }

  @Override
  public void pause() {
    // Nothing flows.
  }

  @Override
  public void resume() {
    // Nothing flows.
  }

  @Override
  public void cancel() {
    // There is nothing to end.
  }
}
