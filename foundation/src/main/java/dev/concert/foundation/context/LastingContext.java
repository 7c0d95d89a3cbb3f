package dev.concert.foundation.context;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.stream.Stream;

/**
 * Event-loop contexts of no verticle. A verticle's context is closed with it, and work that waits
 * there is never done; what runs on a lasting context goes on until Vert.x is closed.
 */
public final class LastingContext {
  private LastingContext() {}

  /** A new one, on the next event loop. Non-blocking; any thread. */
  public static Future<Context> of(Vertx vertx) {
    Promise<Context> made = Promise.promise();
    // Vert.x makes such a context for a thread that it does not know.
    Thread.ofVirtual().start(() -> made.complete(vertx.getOrCreateContext()));
    return CallerContext.now(vertx).complete(made.future());
  }

  /** Several new ones, spread over the event loops. */
  public static Future<List<Context>> several(Vertx vertx, int count) {
    return Future.all(Stream.generate(() -> of(vertx)).limit(count).toList())
        .map(made -> made.list());
  }
}
