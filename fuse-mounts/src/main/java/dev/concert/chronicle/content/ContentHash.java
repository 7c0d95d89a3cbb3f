package dev.concert.chronicle.content;

import java.util.HexFormat;
import org.apache.commons.codec.digest.Blake3;

/** BLAKE3 over content that comes in pieces. For one thread. */
public final class ContentHash {
  private static final int LENGTH = 32;

  private final Blake3 hash = Blake3.initHash();

  public ContentHash add(byte[] bytes, int length) {
    hash.update(bytes, 0, length);
    return this;
  }

  /** 64 lower-case hex digits. */
  public String hex() {
    return HexFormat.of().formatHex(hash.doFinalize(LENGTH));
  }

  public static String of(byte[] bytes) {
    return new ContentHash().add(bytes, bytes.length).hex();
  }
}
