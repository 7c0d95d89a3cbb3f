package dev.concert.chronicle.folder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans a folder whenever something in it changed, and now and then in case a change was not
 * reported.
 *
 * <p>What the watch service reports only says that it is time to look: it may lose events, and
 * cannot see what happened in a folder before that was registered. So a scan looks at everything
 * and the outcome does not depend on single events. One thread of its own.
 */
public final class FolderWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);
  private static final Duration QUIET = Duration.ofMillis(50);
  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);
  private static final Duration RESCAN = Duration.ofSeconds(5);

  private final WatchService service;
  private final WatchedFolders folders;
  private final Runnable scan;
  private final Thread thread;

  /** Numbers the calls of {@link #look}. */
  private final AtomicLong asked = new AtomicLong();

  /** The latest call that a scan has answered. */
  private long answered;

  private FolderWatch(String name, WatchService service, Path root, Runnable scan) {
    this.service = service;
    this.folders = new WatchedFolders(root, service);
    this.scan = scan;
    this.thread = Thread.ofPlatform().daemon().name("chronicle-watch-" + name).unstarted(this::run);
  }

  /**
   * @param scan looks at the whole folder; a failure of it is logged and it is tried again
   */
  public static FolderWatch start(String name, Path root, Runnable scan) {
    try {
      FolderWatch watch = new FolderWatch(name, root.getFileSystem().newWatchService(), root, scan);
      watch.folders.refresh();
      watch.thread.start();
      return watch;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot watch the workspace", e);
    }
  }

  private void run() {
    try {
      while (true) {
        WatchKey key = service.poll(RESCAN.toMillis(), TimeUnit.MILLISECONDS);
        awaitQuiet(key);
        look();
      }
    } catch (ClosedWatchServiceException closed) {
      LOG.debug("{} ends", thread.getName());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void awaitQuiet(WatchKey first) throws InterruptedException {
    long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
    WatchKey key = first;
    while (key != null) {
      key.pollEvents();
      key.reset();
      boolean late = System.nanoTime() > deadline;
      key = late ? null : service.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
    }
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
      folders.refresh();
      scan.run();
    } catch (RuntimeException failure) {
      LOG.error("Looking at a watched workspace failed; it is tried again", failure);
    }
  }

  /** Stops watching, after one last look. */
  @Override
  public void close() {
    try {
      service.close();
      thread.join();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot stop watching the workspace", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    look();
  }
}
