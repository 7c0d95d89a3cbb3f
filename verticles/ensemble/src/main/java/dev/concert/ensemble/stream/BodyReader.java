package dev.concert.ensemble.stream;

import dev.concert.error.ConcertException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** Reads what clients send where it holds nobody up: much of it on a worker. */
public final class BodyReader {
  /** Bytes; more than that takes an event loop milliseconds. */
  private static final int LARGE = 128 * 1024;

  private final Vertx vertx;

  public BodyReader(Vertx vertx) {
    this.vertx = vertx;
  }

  /**
   * @param size bytes, or characters
   * @param reading may throw a {@code ConcertException}, with which the future fails
   */
  public <T> Future<T> read(int size, Supplier<T> reading) {
    if (size > LARGE) {
      return vertx.executeBlocking(reading::get, false);
    }
    try {
      return Future.succeededFuture(reading.get());
    } catch (ConcertException wrong) {
      return Future.failedFuture(wrong);
    }
  }
}
