package dev.concert.ensemble.pipeline;

import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** Parses what clients send without blocking the event loop: large bodies on a worker. */
public final class BodyReader {
  /** Bytes; parsing more takes an event loop milliseconds. */
  private static final int LARGE = 128 * 1024;

  private final Vertx vertx;

  public BodyReader(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * Runs a parser; the future completes on the caller's context.
   *
   * @param size bytes, or characters
   * @param parser may throw a {@code ConcertException}, with which the future fails
   */
  public <T> Future<T> read(int size, Supplier<T> parser) {
    if (size > LARGE) {
      return vertx.executeBlocking(parser::get, false);
    }
    try {
      return Future.succeededFuture(parser.get());
    } catch (ConcertException invalid) {
      return Future.failedFuture(invalid);
    }
  }
}
