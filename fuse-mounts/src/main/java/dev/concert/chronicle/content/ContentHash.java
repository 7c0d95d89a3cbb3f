package dev.concert.chronicle.content;

import java.util.HexFormat;

/**
 * BLAKE3 over content that comes in pieces, by the native library where it can be loaded, else in
 * Java. For one thread.
 */
public final class ContentHash {
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
}
