package dev.concert.chronicle.gc;

import dev.concert.chronicle.content.Blob;
import dev.concert.chronicle.content.BlobFormat;
import dev.concert.chronicle.content.CorruptContentException;
import dev.concert.chronicle.content.blob.BlobFolder;
import dev.concert.chronicle.content.chunk.Chunk;
import dev.concert.chronicle.content.chunk.Chunker;
import dev.concert.foundation.files.LockFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
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
public final class ContentSweeper {
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
  private final List<GcRoots> roots;
  private final Duration grace;
  private final InstantSource clock;

  public ContentSweeper(Path store, List<GcRoots> roots, Duration grace, InstantSource clock)
      throws IOException {
    this.blobs = BlobFolder.open(store);
    this.roots = List.copyOf(roots);
    this.grace = grace;
    this.clock = clock;
  }

  /**
   * Marks and sweeps, or resumes the sweep that an earlier run did not finish.
   *
   * @return empty where another process is collecting
   */
  public Optional<Result> run() throws IOException {
    Optional<LockFile> lock = LockFile.tryLock(blobs.root().resolve("collect.lock"));
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    try (LockFile _ = lock.get()) {
      blobs.takeBackTrash();
      try (MarkSet marks = MarkSet.open(blobs.root())) {
        if (marks.sweep().isEmpty()) {
          mark(marks);
        }
        Result result = sweep(marks, marks.sweep().orElseThrow());
        marks.clear();
        return Optional.of(result);
      }
    }
  }

  private void mark(MarkSet marks) throws IOException {
    // Before anything is read: what is named later was put later, or is young.
    Instant cut = clock.instant().minus(grace);
    marks.clear();
    for (GcRoots one : roots) {
      one.each(
          blob -> {
            marks.add(blob.hash());
            markChunks(blob, marks);
          });
    }
    marks.complete(cut);
  }

  /** Only what is larger than a chunk can have a manifest. */
  private void markChunks(Blob blob, MarkSet marks) {
    if (blob.size() <= Chunker.MAX) {
      return;
    }
    try {
      Optional<InputStream> file = blobs.read(blob.hash());
      if (file.isPresent()
          && BlobFormat.read(blob.hash(), file.get()) instanceof BlobFormat.Chunked chunked) {
        for (Chunk chunk : chunked.manifest().chunks()) {
          marks.add(chunk.hash());
        }
      }
    } catch (CorruptContentException lost) {
      // Its chunks are unknown; a writer that puts the content again puts them too.
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read a manifest", e);
    }
  }

  private Result sweep(MarkSet marks, MarkSet.Sweep sweep) throws IOException {
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
        shard -> marks.progress(new MarkSet.Sweep(sweep.cut(), shard)));
    return new Result(kept.get(), removed.get(), freed.get());
  }
}
