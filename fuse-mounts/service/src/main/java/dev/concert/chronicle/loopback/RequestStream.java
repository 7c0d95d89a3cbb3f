package dev.concert.chronicle.loopback;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of a request as a stream, of which a few pieces are held at a time. To be read by one
 * thread, which is no event loop.
 */
public final class RequestStream extends InputStream {
  private static final int STALLED_SECONDS = 60;
  private static final int PIECES = 16;

  /** What came next: bytes, the end, or why no more comes. */
  private sealed interface Piece {
    record Bytes(Buffer bytes) implements Piece {}

    record End() implements Piece {}

    record Failure(Throwable cause) implements Piece {}
  }

  private final HttpServerRequest request;
  private final Context context;

  /** Has room for the end, and for a failure after it. */
  private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(PIECES + 4);

  private Piece current = new Piece.Bytes(Buffer.buffer());
  private int position;

  private RequestStream(HttpServerRequest request, Context context) {
    this.request = request;
    this.context = context;
  }

  /** To be called on the context of the request, before anything of its body came. */
  public static RequestStream of(HttpServerRequest request) {
    RequestStream stream = new RequestStream(request, Vertx.currentContext());
    request.pause();
    request.handler(bytes -> stream.pieces.add(new Piece.Bytes(bytes)));
    request.endHandler(_ -> stream.pieces.offer(new Piece.End()));
    request.exceptionHandler(cause -> stream.pieces.offer(new Piece.Failure(cause)));
    request.fetch(PIECES);
    return stream;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, into.length);
    while (current instanceof Piece.Bytes(Buffer bytes)) {
      int left = bytes.length() - position;
      if (left > 0 || length == 0) {
        int read = Math.min(left, length);
        bytes.getBytes(position, position + read, into, offset);
        position += read;
        return read;
      }
      next();
    }
    if (current instanceof Piece.Failure(Throwable cause)) {
      throw new IOException("The body was cut", cause);
    }
    return -1;
  }

  private void fetch() {
    if (!request.isEnded()) {
      request.fetch(1);
    }
  }

  private void next() throws IOException {
    try {
      Piece piece = pieces.poll(STALLED_SECONDS, TimeUnit.SECONDS);
      if (piece == null) {
        throw new IOException("Nothing of the body came for %d s".formatted(STALLED_SECONDS));
      }
      current = piece;
      position = 0;
      if (piece instanceof Piece.Bytes) {
        context.runOnContext(_ -> fetch());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }
}
