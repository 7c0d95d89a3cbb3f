package dev.concert.chronicle.content.tier;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the local folder below its bound on a thread of its own, so that it does not depend on
 * uploads coming to their end.
 */
final class CacheEvictor implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CacheEvictor.class);
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final LocalCache cache;
  private final Runnable round;
  private final Duration pause;
  private final Semaphore news = new Semaphore(0);
  private final Thread thread;

  private CacheEvictor(LocalCache cache, Duration pause, Runnable round) {
    this.cache = cache;
    this.round = round;
    this.pause = pause;
    this.thread = Thread.ofVirtual().name("content-room").unstarted(this::run);
  }

  /**
   * @param pause at least between two looks at the folder
   * @param round is run every now and then, also when nothing happens
   */
  static CacheEvictor start(LocalCache cache, Duration pause, Runnable round) {
    CacheEvictor keeper = new CacheEvictor(cache, pause, round);
    keeper.thread.start();
    return keeper;
  }

  /** The folder has grown, or something in it may leave now. Does not block. */
  void wake() {
    if (news.availablePermits() == 0) {
      news.release();
    }
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        round.run();
        makeRoom();
        Thread.sleep(pause);
        if (news.tryAcquire(LONGEST.toMillis(), TimeUnit.MILLISECONDS)) {
          news.drainPermits();
        }
      }
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  private void makeRoom() {
    try {
      cache.makeRoom();
    } catch (IOException | RuntimeException e) {
      if (!Thread.currentThread().isInterrupted()) {
        LOG.warn("No room could be made in the content store: {}", e.toString());
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
