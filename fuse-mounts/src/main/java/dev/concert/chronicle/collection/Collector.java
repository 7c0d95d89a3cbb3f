package dev.concert.chronicle.collection;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.DamagedException;
import dev.concert.chronicle.content.StoredForm;
import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.chronicle.content.chunk.Chunk;
import dev.concert.chronicle.content.chunk.Chunker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Removes contents that nothing reaches. At most one at a time works on a store, in whatever
 * process; writers and readers go on meanwhile. Blocks for long.
 */
public final class Collector {
  /** Far longer than what lies between putting a content and naming it. */
  public static final Duration USUAL_GRACE = Duration.ofHours(24);

  /**
   * What a collection did.
   *
   * @param kept contents that stay, chunks and manifests included
   * @param removed contents that were removed
   * @param freed bytes on the disk
   */
  public record Result(long kept, long removed, long freed) {}

  private final BlobFolder blobs;
  private final List<Roots> roots;
  private final Duration grace;
  private final InstantSource clock;

  public Collector(Path store, List<Roots> roots, Duration grace, InstantSource clock)
      throws IOException {
    this.blobs = BlobFolder.open(store);
    this.roots = List.copyOf(roots);
    this.grace = grace;
    this.clock = clock;
  }

  /**
   * Marks and sweeps, or goes on with the sweep that an earlier run did not finish.
   *
   * @return empty where another process is collecting
   */
  public Optional<Result> run() throws IOException {
    try (FileChannel channel =
            FileChannel.open(
                blobs.root().resolve("collect.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock = tryLock(channel)) {
      if (lock == null) {
        return Optional.empty();
      }
      blobs.takeBackTrash();
      try (Marks marks = Marks.open(blobs.root())) {
        if (marks.sweep().isEmpty()) {
          mark(marks);
        }
        Result result = sweep(marks, marks.sweep().orElseThrow());
        marks.clear();
        return Optional.of(result);
      }
    }
  }

  private static FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException here) {
      return null;
    }
  }

  private void mark(Marks marks) throws IOException {
    // Before anything is read: what is named later was put later, or is young.
    Instant cut = clock.instant().minus(grace);
    marks.clear();
    for (Roots one : roots) {
      one.each(
          blob -> {
            marks.add(blob.hash());
            markChunks(blob, marks);
          });
    }
    marks.complete(cut);
  }

  /** Only what is larger than a chunk can have a manifest. */
  private void markChunks(Blob blob, Marks marks) {
    if (blob.size() <= Chunker.MAX) {
      return;
    }
    try {
      Optional<InputStream> file = blobs.read(blob.hash());
      if (file.isPresent()
          && StoredForm.read(blob.hash(), file.get()) instanceof StoredForm.Chunked chunked) {
        for (Chunk chunk : chunked.manifest().chunks()) {
          marks.add(chunk.hash());
        }
      }
    } catch (DamagedException lost) {
      // Nobody can tell its chunks; whoever puts the content again puts them, too.
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a manifest", e);
    }
  }

  private Result sweep(Marks marks, Marks.Sweep sweep) throws IOException {
    AtomicLong kept = new AtomicLong();
    AtomicLong removed = new AtomicLong();
    AtomicLong freed = new AtomicLong();
    blobs.each(
        sweep.done(),
        entry -> {
          if (entry.needed().isBefore(sweep.cut())
              && !marks.has(entry.name())
              && blobs.collect(entry.name(), sweep.cut())) {
            removed.incrementAndGet();
            freed.addAndGet(entry.size());
          } else {
            kept.incrementAndGet();
          }
        },
        shard -> marks.progress(new Marks.Sweep(sweep.cut(), shard)));
    return new Result(kept.get(), removed.get(), freed.get());
  }
}
