package dev.concert.ensemble.provider.upstream;

import dev.concert.ensemble.provider.Outcome;
import dev.concert.ensemble.provider.ProviderCall;
import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/** A call that was never made, because the request cannot be said in the vendor's form. */
final class RefusedCall implements ProviderCall {
  private final Promise<Outcome> outcome = Promise.promise();

  /**
   * Fails a turn of the event loop later, as any call would, so that its caller is ready for it.
   */
  RefusedCall(Vertx vertx, ConcertException why) {
    vertx.getOrCreateContext().runOnContext(now -> outcome.fail(why));
  }

  @Override
  public Future<Outcome> outcome() {
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
