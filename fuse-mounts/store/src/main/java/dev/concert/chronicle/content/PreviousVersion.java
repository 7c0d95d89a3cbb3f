package dev.concert.chronicle.content;

import dev.concert.chronicle.content.chunk.Chunk;
import dev.concert.chronicle.content.chunk.ChunkManifest;
import java.util.Optional;

/**
 * A version of a content before the present one, and what has changed since.
 *
 * <p>Where a chunk ends depends only on its own bytes, and at the end of the content on its size.
 * So the chunks that are taken over lie where cutting all of the content would find them.
 *
 * @param chunks of the version before, which is larger than {@link LargeContentHash#LARGEST_PLAIN}
 * @param changed every byte that may have changed
 * @param size bytes of the present version
 */
record PreviousVersion(ChunkManifest chunks, ChangedRanges changed, long size) {

  /** The chunks from this position on that are as they were, as one; empty where none begins. */
  Optional<Chunk> unchangedAt(long position) {
    if (position >= chunks.totalSize()) {
      return Optional.empty();
    }
    Chunk known = chunks.chunks().get(chunks.chunkAt(position));
    long before = (position - known.offset()) / known.size();
    if (known.offset() + before * known.size() != position) {
      return Optional.empty();
    }
    long left = known.count() - before;
    if (known.end() == chunks.totalSize() && size != chunks.totalSize()) {
      // The last one ended with the content.
      left--;
    }
    long unchangedUntil = Math.min(changed.firstFrom(position), size);
    long count = Math.min(left, (unchangedUntil - position) / known.size());
    return count > 0
        ? Optional.of(new Chunk(known.hash(), position, known.size(), count))
        : Optional.empty();
  }
}
