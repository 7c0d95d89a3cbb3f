package dev.concert.chronicle.replication.transport;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * Bytes that arrive in pieces, read as a stream. Who fills it sees to its bound: {@code consumed}
 * is called for each piece that was read to its end.
 */
public final class PieceQueue extends InputStream {
  private final LinkedBlockingQueue<Optional<byte[]>> pieces = new LinkedBlockingQueue<>();
  private final Runnable consumed;
  private byte[] current = new byte[0];
  private int position;
  private boolean ended;

  public PieceQueue(Runnable consumed) {
    this.consumed = consumed;
  }

  public void add(byte[] piece) {
    pieces.add(Optional.of(piece));
  }

  /** Nothing comes any more. */
  public void end() {
    pieces.add(Optional.empty());
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (position == current.length) {
      if (ended || !next()) {
        return -1;
      }
    }
    int read = Math.min(length, current.length - position);
    System.arraycopy(current, position, into, offset, read);
    position += read;
    if (position == current.length) {
      consumed.run();
    }
    return read;
  }

  private boolean next() throws IOException {
    try {
      Optional<byte[]> piece = pieces.take();
      ended = piece.isEmpty();
      current = piece.orElse(new byte[0]);
      position = 0;
      if (piece.isPresent() && current.length == 0) {
        consumed.run();
      }
      return !ended;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
