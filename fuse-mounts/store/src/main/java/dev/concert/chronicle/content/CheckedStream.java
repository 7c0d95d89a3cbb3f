package dev.concert.chronicle.content;

import com.github.luben.zstd.ZstdIOException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Hashes what is read, and fails at the end where the hash is not the expected one. */
final class CheckedStream extends FilterInputStream {
  private final String hash;
  private final ContentHash sum = new ContentHash();
  private boolean ended;

  CheckedStream(String hash, InputStream content) {
    super(content);
    this.hash = hash;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    int read;
    try {
      read = super.read(into, offset, length);
    } catch (ZstdIOException e) {
      throw new CorruptContentException(hash);
    }
    if (read > 0) {
      sum.add(Arrays.copyOfRange(into, offset, offset + read), read);
    } else if (read < 0) {
      ended = true;
      if (!sum.hex().equals(hash)) {
        throw new CorruptContentException(hash);
      }
    }
    return read;
  }

  @Override
  public long skip(long bytes) throws IOException {
    // What is skipped has to be hashed, too.
    byte[] piece = new byte[(int) Math.min(bytes, 64 * 1024)];
    long skipped = 0;
    while (skipped < bytes) {
      int read = read(piece, 0, (int) Math.min(piece.length, bytes - skipped));
      if (read < 0) {
        break;
      }
      skipped += read;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
