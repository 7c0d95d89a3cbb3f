package dev.concert.chronicle.content.tier;

import dev.concert.chronicle.content.BlobFormat;
import dev.concert.chronicle.content.StoreException;
import dev.concert.chronicle.content.Tier;
import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.foundation.objectstore.GuardedObjectStore;
import dev.concert.foundation.objectstore.ObjectStore;
import dev.concert.foundation.objectstore.ObjectStoreException;
import dev.concert.foundation.retry.Backoff;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An object store behind the local folder. Thread-safe. */
public final class S3Tier implements Tier, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(S3Tier.class);
  private static final int FETCHES = 3;
  private static final Backoff FETCH_BACKOFF =
      Backoff.of(Duration.ofMillis(400), Duration.ofSeconds(10));
  private static final int WALK_BATCH = 500;

  private final BlobFolder blobs;
  private final ObjectStore store;
  private final UploadQueue queue;
  private final Uploader uploader;
  private final LocalCache cache;
  private final CacheEvictor room;
  private final TierMetrics meters;
  private volatile long waiting;
  private volatile boolean closed;

  private S3Tier(
      BlobFolder blobs,
      ObjectStore store,
      UploadQueue queue,
      TierOptions options,
      MeterRegistry registry) {
    this.blobs = blobs;
    this.store = store;
    this.queue = queue;
    this.meters = new TierMetrics(registry, () -> waiting, this::localBytes);
    this.cache = new LocalCache(blobs, options.localBytes(), this::mayLeave, meters::evicted);
    this.room = CacheEvictor.start(cache, options.settle(), this::count);
    this.uploader = new Uploader(queue, blobs, store, options, meters, room::wake);
  }

  private long localBytes() {
    return cache.size();
  }

  private void count() {
    waiting = queue.waiting();
  }

  /**
   * Begins to send what waits. Blocks on the disk, not on the object store.
   *
   * @param folder of the content store
   * @param store is closed with the tier
   * @param registry gets the meters {@code chronicle.s3.*}
   */
  public static S3Tier open(
      Path folder, ObjectStore store, TierOptions options, MeterRegistry registry) {
    try {
      UploadQueue queue =
          UploadQueue.open(
              folder.resolve("tier").resolve("uploads.db"),
              InstantSource.system(),
              options.settle(),
              options.lease());
      S3Tier tier = new S3Tier(BlobFolder.open(folder), store, queue, options, registry);
      tier.uploader.start();
      if (!queue.isWalked()) {
        Thread.ofVirtual().name("content-walk").start(tier::walk);
      }
      return tier;
    } catch (IOException e) {
      throw new StoreException("Cannot open the content store", e);
    }
  }

  static String key(String hash) {
    return hash.substring(0, 2) + "/" + hash;
  }

  /** Enters what was kept before there was an object store. */
  private void walk() {
    try {
      List<String> batch = new ArrayList<>();
      blobs.each(
          entry -> {
            batch.add(entry.name());
            if (batch.size() == WALK_BATCH) {
              queue.remember(batch);
              batch.clear();
            }
          });
      queue.remember(batch);
      queue.walked();
      uploader.wake();
    } catch (IOException | RuntimeException e) {
      if (!closed) {
        LOG.warn("Older contents cannot be listed; the next start tries again: {}", e.toString());
      }
    }
  }

  @Override
  public void announce(String hash) {
    queue.announce(hash);
    uploader.wake();
  }

  @Override
  public void kept(long bytes) {
    cache.grew(bytes);
    room.wake();
  }

  @Override
  public boolean fetch(String hash, Path into) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        boolean found = Uploader.await(store.get(key(hash), into));
        meters.fetched(found);
        if (found) {
          kept(Files.size(into));
        }
        return found;
      } catch (ExecutionException failure) {
        Files.deleteIfExists(into);
        meters.fetchFailed();
        if (attempt == FETCHES || GuardedObjectStore.wasNotSent(failure.getCause())) {
          throw new IOException(failure.getCause().getMessage(), failure.getCause());
        }
        pause(attempt);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("Interrupted while fetching a content", e);
      }
    }
  }

  private static void pause(int attempt) throws IOException {
    try {
      Thread.sleep(FETCH_BACKOFF.after(attempt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while fetching a content", e);
    }
  }

  /** A manifest is small, and a collector has to read it. */
  private boolean mayLeave(String hash) {
    try {
      return !BlobFormat.isManifest(blobs.head(hash, BlobFormat.MARK_BYTES)) && queue.isSent(hash);
    } catch (IOException unreadable) {
      return false;
    }
  }

  @Override
  public boolean has(String hash) {
    return queue.isSent(hash);
  }

  /** Whether what is to be sent could not be for several times in a row. */
  public boolean isTroubled() {
    return uploader.isTroubled();
  }

  /** Blobs that wait to be sent. Blocks. */
  public long waiting() {
    return queue.waiting();
  }

  @Override
  public void close() {
    closed = true;
    uploader.close();
    room.close();
    try {
      store.close();
    } catch (ObjectStoreException e) {
      LOG.warn("The object store's client could not be closed: {}", e.getMessage());
    }
    queue.close();
  }
}
