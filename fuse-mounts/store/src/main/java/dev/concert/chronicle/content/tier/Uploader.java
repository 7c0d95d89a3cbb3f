package dev.concert.chronicle.content.tier;

import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.foundation.objectstore.GuardedObjectStore;
import dev.concert.foundation.objectstore.ObjectStore;
import dev.concert.foundation.retry.Backoff;
import dev.concert.foundation.sqlite.SqliteException;
import io.vertx.core.Future;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends what is in the queue, a few blobs at a time, on virtual threads of its own. */
final class Uploader implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Uploader.class);

  /** A blob that has no file after so many looks was never kept, or was collected. */
  private static final int LOOKS = 3;

  /** So many failures in a row are more than a hiccup. */
  private static final int WORTH_TELLING = 5;

  private static final long SHORTEST_WAIT_MILLIS = 50;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

  private final UploadQueue queue;
  private final BlobFolder blobs;
  private final ObjectStore store;
  private final TierOptions options;

  /** Half of each pause is random, so that senders do not all return at once. */
  private final Backoff backoff;

  private final TierMetrics meters;
  private final Runnable afterSending;
  private final Semaphore news = new Semaphore(0);
  private final AtomicInteger failures = new AtomicInteger();
  private final List<Thread> senders = new ArrayList<>();
  private volatile boolean closed;

  Uploader(
      UploadQueue queue,
      BlobFolder blobs,
      ObjectStore store,
      TierOptions options,
      TierMetrics meters,
      Runnable afterSending) {
    this.queue = queue;
    this.blobs = blobs;
    this.store = store;
    this.options = options;
    this.backoff = new Backoff(FIRST_PAUSE.multipliedBy(2), options.longestPause(), 0.5);
    this.meters = meters;
    this.afterSending = afterSending;
  }

  void start() {
    for (int i = 0; i < options.parallel(); i++) {
      senders.add(Thread.ofVirtual().name("content-upload-" + i).start(this::run));
    }
  }

  /** Something was announced. */
  void wake() {
    if (news.availablePermits() < options.parallel()) {
      news.release();
    }
  }

  private void run() {
    while (!closed) {
      try {
        Optional<UploadQueue.Claim> claim = queue.claim();
        if (claim.isPresent()) {
          send(claim.get());
        } else {
          awaitNext();
        }
      } catch (InterruptedException e) {
        return;
      } catch (SqliteException | IOException e) {
        if (!closed) {
          LOG.warn("Contents cannot be sent to the object store for now: {}", e.getMessage());
          pause(options.longestPause());
        }
      }
    }
  }

  private void awaitNext() throws InterruptedException {
    // An announcement settles before it is due, so waking early would find nothing.
    long next = queue.untilNext().toMillis();
    // Another process that shares the queue may have died and left something in it.
    long wait = Math.clamp(next, SHORTEST_WAIT_MILLIS, options.lease().toMillis());
    if (news.tryAcquire(wait, TimeUnit.MILLISECONDS)) {
      Thread.sleep(options.settle());
    }
  }

  private void send(UploadQueue.Claim claim) throws InterruptedException, IOException {
    Optional<Path> file = blobs.find(claim.hash());
    if (file.isEmpty()) {
      missing(claim);
      return;
    }
    long begin = System.nanoTime();
    try {
      await(upload(claim, file.get()));
      queue.sent(claim);
      meters.uploaded(Files.size(file.get()), Duration.ofNanos(System.nanoTime() - begin));
      if (failures.getAndSet(0) >= WORTH_TELLING) {
        LOG.info("Contents are sent to the object store again; {} wait", queue.waiting());
      }
      afterSending.run();
    } catch (ExecutionException failure) {
      failed(claim, failure.getCause());
    }
  }

  /** What another sender may have brought there is not sent again. */
  private Future<Void> upload(UploadQueue.Claim claim, Path file) {
    String key = S3Tier.key(claim.hash());
    return claim.attempts() == 1
        ? store.put(key, file)
        : store.has(key).compose(there -> there ? Future.succeededFuture() : store.put(key, file));
  }

  private void missing(UploadQueue.Claim claim) {
    if (claim.attempts() < LOOKS) {
      queue.retry(claim, options.settle().multipliedBy(LOOKS));
    } else {
      queue.forget(claim);
    }
  }

  /** Whether it failed several times in a row, and has not succeeded since. */
  boolean isTroubled() {
    return failures.get() >= WORTH_TELLING;
  }

  private void failed(UploadQueue.Claim claim, Throwable why) {
    meters.uploadFailed();
    if (failures.incrementAndGet() == WORTH_TELLING) {
      LOG.warn("Contents cannot be sent to the object store for now: {}", why.getMessage());
    }
    Duration pause = backoff.after(claim.attempts());
    if (GuardedObjectStore.wasNotSent(why)) {
      queue.giveBack(claim, pause);
    } else {
      queue.retry(claim, pause);
    }
    pause(FIRST_PAUSE);
  }

  private void pause(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The store ends every request in time. */
  static <T> T await(Future<T> answer) throws InterruptedException, ExecutionException {
    return answer.toCompletionStage().toCompletableFuture().get();
  }

  /** Gives up what is being sent; it is sent, or asked for, at the next start. */
  @Override
  public void close() {
    closed = true;
    senders.forEach(Thread::interrupt);
    for (Thread sender : senders) {
      try {
        sender.join(Duration.ofSeconds(2));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
