package dev.concert.gateway.connection;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What was written to a client and not sent yet. A client that lets too much of it gather is cut
 * off by its owner; a long replay waits until there is room. Thread-safe.
 */
public final class Backlog {
  /** A client with more than this many characters unsent is cut off. */
  public static final long MAX = 8L << 20;

  /** What an unsent frame takes beside its text. */
  private static final int FRAME_COST = 256;

  /** A replay goes on when no more than this is unsent. */
  private static final long WRITABLE = 256L << 10;

  private final AtomicLong unsent = new AtomicLong();
  private final Queue<Promise<Void>> waiting = new ConcurrentLinkedQueue<>();
  private volatile boolean closed;

  /**
   * Counts a frame.
   *
   * @param length its characters
   * @return false when the client has to be cut off
   */
  public boolean add(int length) {
    return unsent.addAndGet(length + FRAME_COST) <= MAX;
  }

  /** A frame of this length was sent. */
  public void sent(int length) {
    release(length + FRAME_COST);
  }

  private void release(int cost) {
    if (unsent.addAndGet(-cost) <= WRITABLE) {
      for (Promise<Void> one = waiting.poll(); one != null; one = waiting.poll()) {
        one.tryComplete();
      }
    }
  }

  /** Completes when most of it was sent. Fails when the client is gone. */
  public Future<Void> writable() {
    if (closed) {
      return gone();
    }
    if (unsent.get() <= WRITABLE) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    waiting.add(promise);
    release(0);
    if (closed) {
      close();
    }
    return promise.future();
  }

  private static Future<Void> gone() {
    return Future.failedFuture("The client is gone");
  }

  /** The client is gone: nobody waits for it any more. */
  public void close() {
    closed = true;
    for (Promise<Void> one = waiting.poll(); one != null; one = waiting.poll()) {
      one.tryFail("The client is gone");
    }
  }
}
