package dev.concert.chronicle.content;

import dev.concert.chronicle.content.blake3.Blake3;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * BLAKE3 over content that comes in pieces, by the native library where it can be loaded, else in
 * Java. For one thread.
 */
public final class ContentHash {
  private static final int CHUNKS = 4;

  private final Blake3 hash = Blake3.start();

  /** The first bytes of the array. Not after {@link #hex}. */
  public ContentHash add(byte[] bytes, int length) {
    hash.add(bytes, length);
    return this;
  }

  /** 64 lower-case hex digits. To be called once, as the last method. */
  public String hex() {
    return HexFormat.of().formatHex(hash.finish());
  }

  public static String of(byte[] bytes) {
    return new ContentHash().add(bytes, bytes.length).hex();
  }

  /** Whether the hash of a content of this size is BLAKE3 of its bytes. */
  public static boolean isPlain(long size) {
    return size <= LargeContentHash.LARGEST_PLAIN;
  }

  /**
   * The hash under which a store keeps this content, whatever its size. Blocks while it is read.
   */
  public static String of(Content content) {
    ContentWindow window = new ContentWindow(content);
    window.fill();
    return window.isLast()
        ? of(window.takeAll())
        : new ChunkedWriter(
                chunk -> new Blob(of(chunk), chunk.length), chunk -> false, new Semaphore(CHUNKS))
            .put(window, Optional.empty())
            .hash();
  }
}
