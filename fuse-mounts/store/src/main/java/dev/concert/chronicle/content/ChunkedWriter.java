package dev.concert.chronicle.content;

import dev.concert.chronicle.content.chunk.Chunk;
import dev.concert.chronicle.content.chunk.ChunkManifest;
import dev.concert.chronicle.content.chunk.Chunker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Cuts a large content. The caller's thread reads, cuts and hashes the whole; the chunks are
 * hashed, compressed and written beside it. Holes, and what a version before has unchanged, are not
 * read. Used once.
 */
final class ChunkedWriter {
  /** What came of a large content. */
  record Result(String hash, ChunkManifest manifest) {}

  private record Piece(Future<Blob> stored, long count) {}

  private final Function<byte[], Blob> store;
  private final Predicate<String> kept;
  private final Semaphore permits;
  private final List<Piece> pieces = new ArrayList<>();
  private final LargeContentHash hash = new LargeContentHash();
  private Optional<Future<Blob>> zeros = Optional.empty();

  /**
   * @param store keeps a chunk
   * @param kept whether a chunk of the version before, by its hash, is still there
   * @param permits how many chunks may be in memory
   */
  ChunkedWriter(Function<byte[], Blob> store, Predicate<String> kept, Semaphore permits) {
    this.store = store;
    this.kept = kept;
    this.permits = permits;
  }

  /**
   * @param before a version of the content whose unchanged chunks are taken over, where they are
   *     still there
   */
  Result put(ContentWindow window, Optional<PreviousVersion> before) {
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      while (!window.isEmpty()) {
        if (!takeOver(window, before)) {
          put(window, workers);
        }
      }
    }
    ChunkManifest manifest = manifest();
    return new Result(hash.of(manifest), manifest);
  }

  /** Contents that are hashed as one stream have no version before: their bytes are needed. */
  private boolean takeOver(ContentWindow window, Optional<PreviousVersion> before) {
    Optional<Chunk> unchanged =
        before
            .flatMap(known -> known.unchangedAt(window.start()))
            .filter(chunk -> kept.test(chunk.hash()));
    unchanged.ifPresent(
        chunk -> {
          Blob blob = new Blob(chunk.hash(), chunk.size());
          pieces.add(new Piece(CompletableFuture.completedFuture(blob), chunk.count()));
          window.skip(chunk.end() - chunk.offset());
        });
    return unchanged.isPresent();
  }

  private void put(ContentWindow window, ExecutorService workers) {
    window.fill();
    long holes = window.skipZeroChunks();
    if (holes > 0) {
      hash.addZeros(holes * Chunker.MAX);
      pieces.add(new Piece(zeros(workers), holes));
    } else if (!window.isEmpty()) {
      byte[] chunk = window.takeChunk();
      pieces.add(new Piece(submit(chunk, workers), 1));
      hash.add(chunk);
    }
    window.fill();
  }

  private Future<Blob> zeros(ExecutorService workers) {
    if (zeros.isEmpty()) {
      zeros = Optional.of(submit(new byte[Chunker.MAX], workers));
    }
    return zeros.get();
  }

  private Future<Blob> submit(byte[] chunk, ExecutorService workers) {
    permits.acquireUninterruptibly();
    return workers.submit(() -> storeOne(chunk));
  }

  private Blob storeOne(byte[] chunk) {
    try {
      return store.apply(chunk);
    } finally {
      permits.release();
    }
  }

  private ChunkManifest manifest() {
    List<Chunk> chunks = new ArrayList<>();
    long offset = 0;
    for (Piece one : pieces) {
      Blob blob = result(one.stored());
      Chunk chunk = new Chunk(blob.hash(), offset, (int) blob.size(), one.count());
      chunks.add(chunk);
      offset = chunk.end();
    }
    return ChunkManifest.joined(chunks);
  }

  private static Blob result(Future<Blob> stored) {
    try {
      return stored.get();
    } catch (ExecutionException e) {
      throw new StoreException("Cannot write the content store", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("Interrupted while writing the content store", e);
    }
  }
}
