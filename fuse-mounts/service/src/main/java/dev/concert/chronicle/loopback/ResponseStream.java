package dev.concert.chronicle.loopback;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The body of a response as a stream that writes no faster than it is read. Not for an event loop.
 */
public final class ResponseStream extends OutputStream {
  private static final int STALLED_SECONDS = 60;

  /** Nobody reads any more. */
  public static final class ReaderGone extends IOException {
    private ReaderGone(Throwable cause) {
      super("The reader is gone", cause);
    }
  }

  private final HttpServerResponse response;

  public ResponseStream(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    await(response.write(Buffer.buffer().appendBytes(bytes, offset, length)));
  }

  /** Nothing that is read afterwards is missing anything. */
  public void end() throws IOException {
    await(response.end());
  }

  private static void await(Future<Void> sent) throws IOException {
    try {
      sent.toCompletionStage().toCompletableFuture().get(STALLED_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new ReaderGone(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }
}
