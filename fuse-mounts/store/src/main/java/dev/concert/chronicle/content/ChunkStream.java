package dev.concert.chronicle.content;

import dev.concert.chronicle.content.chunk.Chunk;
import dev.concert.chronicle.content.chunk.ChunkManifest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/**
 * A content from its chunks, from an offset on. A few chunks are fetched ahead, each is checked
 * before a byte of it is handed out. For one thread.
 */
final class ChunkStream extends InputStream {
  private static final int AHEAD = 4;

  private final ChunkManifest manifest;
  private final Function<String, byte[]> chunks;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final Deque<Coming> coming = new ArrayDeque<>();
  private int next;
  private byte[] chunk = new byte[0];
  private long repeats;
  private int at;
  private long skipInFirst;

  private record Coming(Future<byte[]> bytes, long count) {}

  /**
   * @param chunks answers with the checked bytes of a chunk, or throws
   */
  ChunkStream(ChunkManifest manifest, long offset, Function<String, byte[]> chunks) {
    this.manifest = manifest;
    this.chunks = chunks;
    if (offset >= manifest.totalSize()) {
      next = manifest.chunks().size();
    } else {
      next = manifest.chunkAt(offset);
      skipInFirst = offset - manifest.chunks().get(next).offset();
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    if (length == 0) {
      return 0;
    }
    if (at == chunk.length && !advance()) {
      return -1;
    }
    int read = Math.min(length, chunk.length - at);
    System.arraycopy(chunk, at, into, offset, read);
    at += read;
    return read;
  }

  private boolean advance() throws IOException {
    if (repeats > 0) {
      repeats--;
      at = 0;
      return true;
    }
    while (coming.size() < AHEAD && next < manifest.chunks().size()) {
      Chunk wanted = manifest.chunks().get(next++);
      coming.add(new Coming(workers.submit(() -> chunks.apply(wanted.hash())), wanted.count()));
    }
    Coming first = coming.poll();
    if (first == null) {
      return false;
    }
    chunk = bytes(first.bytes());
    repeats = first.count() - 1 - skipInFirst / chunk.length;
    at = (int) (skipInFirst % chunk.length);
    skipInFirst = 0;
    return true;
  }

  private static byte[] bytes(Future<byte[]> coming) throws IOException {
    try {
      return coming.get();
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while reading a content", e);
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
