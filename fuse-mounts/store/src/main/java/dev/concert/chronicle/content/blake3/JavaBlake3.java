package dev.concert.chronicle.content.blake3;

/** In Java: the same on every platform, 23 times slower than with AVX-512 (see ADR 7). */
final class JavaBlake3 implements Blake3 {
  private static final int LENGTH = 32;

  private final org.apache.commons.codec.digest.Blake3 hash =
      org.apache.commons.codec.digest.Blake3.initHash();

  @Override
  public void add(byte[] bytes, int length) {
    hash.update(bytes, 0, length);
  }

  @Override
  public byte[] finish() {
    return hash.doFinalize(LENGTH);
  }
}
