package dev.concert.chronicle.content;

import dev.concert.chronicle.content.chunk.ChunkManifest;
import dev.concert.chronicle.content.chunk.Chunker;
import java.util.HexFormat;

/**
 * The hash of a content that is cut into chunks. Up to {@link #LARGEST_PLAIN} bytes it is BLAKE3 of
 * the bytes, as for every smaller content. Beyond, it is BLAKE3 of the list of its chunks, with
 * each bit turned over so that it is the hash of no other content: so holes and unchanged chunks
 * need not be read to know it. For one thread.
 */
final class LargeContentHash {
  /** A content of more bytes is known by the list of its chunks. */
  static final long LARGEST_PLAIN = 16L << 20;

  private final ContentHash plain = new ContentHash();
  private long added;

  void add(byte[] bytes) {
    if (added + bytes.length <= LARGEST_PLAIN) {
      plain.add(bytes, bytes.length);
    }
    added += bytes.length;
  }

  void addZeros(long count) {
    if (added + count <= LARGEST_PLAIN) {
      for (long done = 0; done < count; done += Chunker.MAX) {
        plain.add(new byte[Chunker.MAX], (int) Math.min(Chunker.MAX, count - done));
      }
    }
    added += count;
  }

  /** To be called once, after all that is not taken over from a version before was added. */
  String of(ChunkManifest manifest) {
    return manifest.totalSize() > LARGEST_PLAIN ? ofChunks(manifest) : plain.hex();
  }

  static String ofChunks(ChunkManifest manifest) {
    byte[] hash = HexFormat.of().parseHex(ContentHash.of(manifest.encode()));
    for (int i = 0; i < hash.length; i++) {
      hash[i] = (byte) ~hash[i];
    }
    return HexFormat.of().formatHex(hash);
  }
}
