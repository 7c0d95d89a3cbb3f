package dev.concert.chronicle.content.blake3;

/** One computation of a BLAKE3 hash of 32 bytes. For one thread; {@link #finish} is its end. */
public sealed interface Blake3 permits JavaBlake3, NativeBlake3 {
  void add(byte[] bytes, int length);

  byte[] finish();

  static Blake3 start() {
    return NativeBlake3.start().orElseGet(JavaBlake3::new);
  }
}
