package dev.concert.chronicle.content;

import dev.concert.chronicle.content.chunk.Chunk;
import dev.concert.chronicle.content.chunk.ChunkManifest;
import dev.concert.chronicle.content.chunk.Chunker;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.function.LongFunction;

/** A content of the store that is read in any order, best in its own. For one thread. */
final class StoredContent implements Content {
  private static final String ZEROS = ContentHash.of(new byte[Chunker.MAX]);

  private final Optional<ChunkManifest> chunks;
  private final LongFunction<InputStream> opening;
  private Optional<InputStream> stream = Optional.empty();
  private long at;

  /**
   * @param opening opens the content from an offset on
   */
  StoredContent(BlobFormat form, LongFunction<InputStream> opening) {
    this.chunks =
        form instanceof BlobFormat.Chunked(ChunkManifest manifest)
            ? Optional.of(manifest)
            : Optional.empty();
    this.opening = opening;
  }

  @Override
  public int read(byte[] into, long position) {
    try {
      if (stream.isEmpty() || at != position) {
        close();
        stream = Optional.of(opening.apply(position));
        at = position;
      }
      int length = stream.get().readNBytes(into, 0, into.length);
      at += length;
      return length;
    } catch (IOException e) {
      throw new StoreException(e.getMessage(), e);
    }
  }

  @Override
  public long zerosUntil(long position) {
    if (chunks.isEmpty() || position >= chunks.get().totalSize()) {
      return position;
    }
    Chunk chunk = chunks.get().chunks().get(chunks.get().chunkAt(position));
    return chunk.hash().equals(ZEROS) ? chunk.end() : position;
  }

  void close() {
    try {
      if (stream.isPresent()) {
        stream.get().close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("A content cannot be closed", e);
    } finally {
      stream = Optional.empty();
    }
  }
}
