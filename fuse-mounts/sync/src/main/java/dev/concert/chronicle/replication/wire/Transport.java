package dev.concert.chronicle.replication.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * An open connection as two streams of bytes. One thread reads while another writes; both block.
 * After {@link #close}, by whichever side or thread, both streams fail or end.
 */
public interface Transport extends AutoCloseable {
  InputStream input() throws IOException;

  OutputStream output() throws IOException;

  /** May be called from any thread, more than once. */
  @Override
  void close();
}
