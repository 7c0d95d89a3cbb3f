package dev.concert.gateway.connection;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/**
 * Prepares the large replies of one client one after the other, each when the client has taken in
 * the one before. So a client that asks for many at once is not cut off, and one that does not read
 * holds one of them in memory. Used on the client's context.
 */
public final class LargeReplies {
  static final int MAX_WAITING = 128;

  private final Client client;
  private Future<?> last = Future.succeededFuture();
  private int waiting;

  public LargeReplies(Client client) {
    this.client = client;
  }

  /**
   * Has a reply prepared in its turn.
   *
   * @param work completes when the reply was given to the client; called on this context
   * @return completes as the work does; fails with {@code RATE_LIMITED} where too many wait
   */
  public Future<Void> inTurn(Supplier<Future<Void>> work) {
    if (waiting == MAX_WAITING) {
      return Future.failedFuture(
          new ConcertException(
              ErrorCode.RATE_LIMITED,
              "%d replies wait until this client reads.".formatted(MAX_WAITING)));
    }
    waiting++;
    Context context = Vertx.currentContext();
    Promise<Void> done = Promise.promise();
    last.onComplete(
        _ -> client.writable().onComplete(ready -> on(context, () -> run(work, done, ready))));
    last = done.future();
    return done.future();
  }

  private static void on(Context context, Runnable work) {
    if (context == null) {
      work.run();
    } else {
      context.runOnContext(_ -> work.run());
    }
  }

  private void run(Supplier<Future<Void>> work, Promise<Void> done, AsyncResult<Void> ready) {
    waiting--;
    if (ready.failed()) {
      // The client is gone: nobody waits for this reply.
      done.complete();
      return;
    }
    work.get().onComplete(done);
  }
}
