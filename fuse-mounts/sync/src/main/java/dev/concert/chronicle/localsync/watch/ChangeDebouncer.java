package dev.concert.chronicle.localsync.watch;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects changes until it has been quiet for a while, so that an editor's many steps are looked
 * at when they are over. Holds a bounded number of paths. Thread-safe; one thread of its own hands
 * the changes on.
 */
public final class ChangeDebouncer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeDebouncer.class);
  private static final int MOST_PATHS = 2_000;

  private final Timing timing;
  private final Consumer<ChangedPaths> receiver;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private final Set<String> paths = new HashSet<>();
  private boolean everything;
  private boolean closed;
  private long first;
  private long last;

  /**
   * @param quiet how long nothing may happen before changes are handed on
   * @param longest the longest that a change waits while things go on happening
   * @param rescan how often everything is looked at in case an event was not reported
   */
  public record Timing(Duration quiet, Duration longest, Duration rescan) {
    public static final Timing USUAL =
        new Timing(Duration.ofMillis(100), Duration.ofSeconds(1), Duration.ofSeconds(60));

    private static final int LONGEST_FACTOR = 10;
    private static final Duration POLLING = Duration.ofSeconds(5);

    public Timing quiet(Duration other) {
      return new Timing(other, other.multipliedBy(LONGEST_FACTOR), rescan);
    }

    /** For a folder of which no events come. */
    public Timing withoutWatch() {
      return new Timing(quiet, longest, POLLING);
    }
  }

  private ChangeDebouncer(Timing timing, Consumer<ChangedPaths> receiver) {
    this.timing = timing;
    this.receiver = receiver;
    this.thread = Thread.ofPlatform().daemon().name("sync-changes").unstarted(this::run);
  }

  /**
   * @param receiver a failure of it is logged, and everything is looked at again
   */
  public static ChangeDebouncer start(Timing timing, Consumer<ChangedPaths> receiver) {
    ChangeDebouncer debounce = new ChangeDebouncer(timing, receiver);
    debounce.thread.start();
    return debounce;
  }

  void changed(String path) {
    note(() -> everything |= !paths.add(path) ? false : paths.size() > MOST_PATHS);
  }

  public void everythingChanged() {
    note(() -> everything = true);
  }

  private void note(Runnable change) {
    lock.lock();
    try {
      last = System.nanoTime();
      if (isEmpty()) {
        first = last;
      }
      change.run();
      if (everything) {
        paths.clear();
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmpty() {
    return !everything && paths.isEmpty();
  }

  private void run() {
    try {
      for (ChangedPaths next = await(); !isClosed(); next = await()) {
        hand(next);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hand(ChangedPaths next) {
    try {
      receiver.accept(next);
    } catch (RuntimeException failure) {
      LOG.error("Changes could not be checked; everything is checked again", failure);
      everythingChanged();
    }
  }

  private ChangedPaths await() throws InterruptedException {
    lock.lock();
    try {
      long rescan = timing.rescan().toNanos();
      while (isEmpty() && !closed && rescan > 0) {
        rescan = changed.awaitNanos(rescan);
      }
      everything |= isEmpty();
      for (long wait = untilQuiet(); wait > 0 && !closed; wait = untilQuiet()) {
        changed.await(wait, TimeUnit.NANOSECONDS);
      }
      ChangedPaths taken = new ChangedPaths(everything, Set.copyOf(paths));
      everything = false;
      paths.clear();
      return taken;
    } finally {
      lock.unlock();
    }
  }

  private long untilQuiet() {
    long now = System.nanoTime();
    return Math.min(
        last + timing.quiet().toNanos() - now, first + timing.longest().toNanos() - now);
  }

  private boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets what waits. Returns when nothing is handed on any more. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
