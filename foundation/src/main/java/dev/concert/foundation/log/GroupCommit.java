package dev.concert.foundation.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes queued items in batches on one thread of its own. While one batch is being written, the
 * items that arrive wait and form the next one; a single item waits for nothing.
 *
 * <p>Thread-safe. The queue has no limit of its own: callers bound what they have under way, with
 * {@link #waiting} or by waiting for their own results.
 *
 * @param <T> an item
 */
public final class GroupCommit<T> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupCommit.class);

  private final BlockingQueue<T> waiting = new LinkedBlockingQueue<>();
  private final int largest;
  private final Consumer<List<T>> write;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * Does not write yet: see {@link #start}.
   *
   * @param name of the thread
   * @param largest most items of a batch, at least 1
   * @param write writes one batch, in the order of {@link #add}; called on the writing thread only.
   *     It reports failures to the items itself
   */
  public GroupCommit(String name, int largest, Consumer<List<T>> write) {
    this.largest = largest;
    this.write = write;
    this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this::run);
  }

  /** Starts writing, with what was added before. */
  public GroupCommit<T> start() {
    thread.start();
    return this;
  }

  /** Queues an item. Never blocks. An item that is added after {@link #close} is not written. */
  public void add(T item) {
    waiting.add(item);
  }

  /** Items that are queued and not yet in a batch. */
  public int waiting() {
    return waiting.size();
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
    waiting.drainTo(batch, largest - batch.size());
    try {
      write.accept(List.copyOf(batch));
    } catch (RuntimeException e) {
      // The thread must live: everything that comes later depends on it.
      LOG.error("A batch of {} of {} could not be written", batch.size(), thread.getName(), e);
    }
    batch.clear();
  }

  /** Writes what is queued, then ends the thread. Blocking. A second call does nothing. */
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
}
