package dev.concert.chronicle.content;

import dev.concert.chronicle.content.chunk.Chunk;
import dev.concert.chronicle.content.chunk.ChunkManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.function.Function;

/**
 * Cuts a large content. The caller's thread reads, cuts and hashes the whole; the chunks are
 * hashed, compressed and written beside it. Used once.
 */
final class ChunkedPut {
  /** What came of a large content. */
  record Result(String hash, ChunkManifest manifest) {}

  private final Function<byte[], Blob> store;
  private final Semaphore permits;
  private final List<Future<Blob>> stored = new ArrayList<>();
  private final ContentHash hash = new ContentHash();

  /**
   * @param store keeps a chunk
   * @param permits how many chunks may be in memory
   */
  ChunkedPut(Function<byte[], Blob> store, Semaphore permits) {
    this.store = store;
    this.permits = permits;
  }

  Result put(ContentWindow window) {
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      while (!window.isEmpty()) {
        byte[] chunk = window.takeChunk();
        permits.acquireUninterruptibly();
        stored.add(workers.submit(() -> storeOne(chunk)));
        hash.add(chunk, chunk.length);
        window.fill();
      }
    }
    return new Result(hash.hex(), manifest());
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
    for (Future<Blob> one : stored) {
      Blob blob = result(one);
      chunks.add(new Chunk(blob.hash(), offset, (int) blob.size()));
      offset += blob.size();
    }
    return new ChunkManifest(offset, chunks);
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
