package dev.concert.chronicle.content.blake3;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;

/**
 * By the reference implementation in C, which uses what vectors the processor has. Its state lies
 * in an array, so there is nothing to give back.
 */
final class NativeBlake3 implements Blake3 {
  private static final int LENGTH = 32;

  /** The library keeps the garbage collector waiting while it hashes a piece. */
  private static final int PIECE = 1024 * 1024;

  private static final Optional<Blake3Library> LIBRARY =
      Blake3Library.load().filter(NativeBlake3::agreesWithJava);

  private final Blake3Library library;
  // Longs, because the state has to be aligned.
  private final MemorySegment state =
      MemorySegment.ofArray(new long[Blake3Library.STATE_BYTES / Long.BYTES]);

  private NativeBlake3(Blake3Library library) {
    this.library = library;
    library.start(state);
  }

  /** Empty where the library cannot be used here. */
  static Optional<Blake3> start() {
    return LIBRARY.map(NativeBlake3::new);
  }

  /** A wrong hash would cost contents, so what was loaded has to show what it can do. */
  private static boolean agreesWithJava(Blake3Library library) {
    NativeBlake3 fast = new NativeBlake3(library);
    JavaBlake3 plain = new JavaBlake3();
    for (int length : new int[] {1, 1024, 1025, 20_000}) {
      byte[] sample = new byte[length];
      Arrays.fill(sample, (byte) (length % 251));
      fast.add(sample, length);
      plain.add(sample, length);
    }
    return Arrays.equals(fast.finish(), plain.finish());
  }

  @Override
  public void add(byte[] bytes, int length) {
    Objects.checkFromIndexSize(0, length, bytes.length);
    MemorySegment all = MemorySegment.ofArray(bytes);
    for (int at = 0; at < length; at += PIECE) {
      library.add(state, all.asSlice(at, Math.min(PIECE, length - at)));
    }
  }

  @Override
  public byte[] finish() {
    byte[] hash = new byte[LENGTH];
    library.finish(state, MemorySegment.ofArray(hash));
    return hash;
  }
}
