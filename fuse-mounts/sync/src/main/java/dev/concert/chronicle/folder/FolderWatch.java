package dev.concert.chronicle.folder;

import io.methvin.watcher.DirectoryWatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans a folder whenever something in it changed, and now and then in case a change was not
 * reported.
 *
 * <p>What the watcher reports only says that it is time to look: it may lose events, and cannot see
 * what happened in a folder before that was registered. So a scan looks at everything and the
 * outcome does not depend on single events. Two threads of its own.
 */
public final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
  private static final Duration QUIET = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);
  private static final Duration RESCAN = Duration.ofSeconds(5);

  private final DirectoryWatcher watcher;
  private final Semaphore changes = new Semaphore(0);
  private final Runnable scan;
  private final Thread thread;

  /** Numbers the calls of {@link #look}. */
  private final AtomicLong asked = new AtomicLong();

  /** The latest call that a scan has answered. */
  private long answered;

  private FolderWatch(String name, Path root, Runnable scan) throws IOException {
    this.watcher =
        DirectoryWatcher.builder()
            .path(root)
            .fileHashing(false)
            .listener(_ -> changes.release())
            .build();
    this.scan = scan;
    this.thread = Thread.ofPlatform().daemon().name("chronicle-watch-" + name).unstarted(this::run);
  }

  /**
   * @param scan looks at the whole folder; a failure of it is logged and it is tried again
   */
  public static FolderWatch start(String name, Path root, Runnable scan) {
    try {
      FolderWatch watch = new FolderWatch(name, root, scan);
      watch
          .watcher
          .watchAsync(work -> Thread.ofPlatform().daemon().name("watch-" + name).start(work))
          .whenComplete((_, failure) -> watch.ended(failure));
      watch.thread.start();
      return watch;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot watch the workspace", e);
    }
  }

  private void ended(Throwable failure) {
    if (failure != null && !watcher.isClosed()) {
      LOG.warn(
          "Not every folder can be watched, changes show up within {} s",
          RESCAN.toSeconds(),
          failure);
    }
  }

  private void run() {
    try {
      while (!watcher.isClosed()) {
        if (changes.tryAcquire(RESCAN.toMillis(), TimeUnit.MILLISECONDS)) {
          awaitQuiet();
        }
        look();
      }
      LOG.debug("{} ends", thread.getName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitQuiet() throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
    do {
      changes.drainPermits();
    } while (System.nanoTime() < deadline
        && changes.tryAcquire(QUIET.toMillis(), TimeUnit.MILLISECONDS));
  }

  /**
   * Returns when a scan is over that began after the call. Those who call while one runs share the
   * next. Blocks; for any thread.
   */
  public void look() {
    long mine = asked.incrementAndGet();
    synchronized (this) {
      if (answered >= mine) {
        return;
      }
      long all = asked.get();
      scan();
      answered = all;
    }
  }

  private void scan() {
    try {
      scan.run();
    } catch (RuntimeException failure) {
      LOG.error("Looking at a watched workspace failed; it is tried again", failure);
    }
  }

  /** Stops watching, after one last look. */
  @Override
  public void close() {
    try {
      watcher.close();
      changes.release();
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot stop watching the workspace", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    look();
  }
}
