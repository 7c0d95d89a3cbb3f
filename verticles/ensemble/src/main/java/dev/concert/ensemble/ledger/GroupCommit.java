package dev.concert.ensemble.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Writes what many want written as one transaction: while one is under way, what comes waits and is
 * the next one. A single caller waits for nobody.
 *
 * @param <T> what is written
 */
final class GroupCommit<T> implements AutoCloseable {
  /** A transaction of so many takes some milliseconds. */
  private static final int LARGEST = 2_000;

  private final BlockingQueue<T> waiting = new LinkedBlockingQueue<>();
  private final Consumer<List<T>> write;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param write called by one thread only; must not throw
   */
  GroupCommit(String name, Consumer<List<T>> write) {
    this.write = write;
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /** Never blocks. How many may wait is for the caller to bound. */
  void add(T change) {
    waiting.add(change);
  }

  int waiting() {
    return waiting.size();
  }

  /** Writes what waits, then ends. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<T> batch = new ArrayList<>();
    while (!closed) {
      try {
        batch.add(waiting.take());
      } catch (InterruptedException closing) {
        break;
      }
      flush(batch);
    }
    while (!waiting.isEmpty()) {
      flush(batch);
    }
  }

  private void flush(List<T> batch) {
    waiting.drainTo(batch, LARGEST);
    write.accept(List.copyOf(batch));
    batch.clear();
  }
}
