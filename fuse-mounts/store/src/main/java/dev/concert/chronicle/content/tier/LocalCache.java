package dev.concert.chronicle.content.tier;

import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.chronicle.content.blob.BlobFolder.Entry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/** Keeps the local folder from growing beyond its bound. */
final class LocalCache {
  /** So much of the bound is left after room was made, so that the folder is not walked often. */
  private static final double LEFT = 0.9;

  private final BlobFolder blobs;
  private final long bound;
  private final Predicate<String> mayLeave;
  private final AtomicLong growth;
  private final LongConsumer evicted;
  private volatile long size;

  /**
   * @param mayLeave whether a blob can be had from elsewhere
   * @param evicted receives the size in bytes of each evicted blob
   */
  LocalCache(BlobFolder blobs, long bound, Predicate<String> mayLeave, LongConsumer evicted) {
    this.blobs = blobs;
    this.bound = bound;
    this.mayLeave = mayLeave;
    this.evicted = evicted;
    this.growth = new AtomicLong(bound);
  }

  /** The folder has become larger by so many bytes. */
  void grew(long bytes) {
    growth.addAndGet(bytes);
  }

  /** Bytes in the folder, as far as is known without looking at it. */
  long size() {
    return size;
  }

  /** Removes what was used least recently, where the folder may be too large. For one thread. */
  void makeRoom() throws IOException {
    if (growth.get() < (1 - LEFT) * bound) {
      return;
    }
    growth.set(0);
    List<Entry> entries = new ArrayList<>();
    blobs.each(entries::add);
    long total = entries.stream().mapToLong(Entry::size).sum();
    if (total > bound) {
      total = evict(entries, total);
    }
    size = total;
    // What is left of the room has to fill up before the folder is walked again.
    growth.addAndGet(Math.max(0, total - (long) (LEFT * bound)));
  }

  private long evict(List<Entry> entries, long total) throws IOException {
    entries.sort(Comparator.comparing(Entry::needed));
    long left = total;
    for (Entry entry : entries) {
      if (left <= LEFT * bound) {
        break;
      }
      if (mayLeave.test(entry.name())) {
        blobs.delete(entry.name());
        left -= entry.size();
        evicted.accept(entry.size());
      }
    }
    return left;
  }
}
