package dev.concert.foundation.context;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;

/**
 * The context of who asks for something. What is shared, such as a database that somebody else
 * opened, completes its futures on contexts of its own; a caller that went on there would be on two
 * event loops. Thread-safe.
 */
public record CallerContext(Context context) {

  /** Of the code that runs now. */
  public static CallerContext now(Vertx vertx) {
    return new CallerContext(vertx.getOrCreateContext());
  }

  /** Completes as the future does, on this context; at once where it is complete already. */
  public <T> Future<T> complete(Future<T> future) {
    if (future.isComplete()) {
      // Without the context of the future, on which its listeners would run.
      return future.succeeded()
          ? Future.succeededFuture(future.result())
          : Future.failedFuture(future.cause());
    }
    Promise<T> here = Promise.promise();
    future.onComplete(result -> context.runOnContext(_ -> here.handle(result)));
    return here.future();
  }
}
