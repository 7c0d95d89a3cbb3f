package dev.concert.chronicle.replication.transport;

import dev.concert.chronicle.replication.wire.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A connection over a WebSocket, as a client. Bytes travel in binary messages up to 64 KiB. */
public final class WebSocketTransport implements Transport {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration STALLED = Duration.ofSeconds(30);
  private static final int PIECE = 64 * 1024;
  private static final int AHEAD = 16;

  private final CompletableFuture<WebSocket> socket = new CompletableFuture<>();
  private final PieceQueue input = new PieceQueue(this::more);
  private final HttpClient client;

  private WebSocketTransport(HttpClient client) {
    this.client = client;
  }

  /**
   * @param headers for example {@code Authorization}
   * @throws IOException with the server's reason where there is one
   */
  public static WebSocketTransport connect(URI uri, Map<String, String> headers)
      throws IOException {
    HttpClient client = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    WebSocketTransport transport = new WebSocketTransport(client);
    WebSocket.Builder builder = client.newWebSocketBuilder().connectTimeout(TIMEOUT);
    headers.forEach(builder::header);
    try {
      transport.socket.complete(
          await(builder.buildAsync(uri, transport.new Pieces()), TIMEOUT.multipliedBy(2)));
      return transport;
    } catch (IOException refused) {
      client.shutdownNow();
      throw refused;
    }
  }

  private static <T> T await(CompletableFuture<T> future, Duration timeout) throws IOException {
    try {
      return future.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause()), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("the server did not answer in time", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static String reason(Throwable failure) {
    if (failure instanceof java.net.http.WebSocketHandshakeException refused) {
      return "the server refused with status " + refused.getResponse().statusCode();
    }
    return failure.getMessage() == null ? "the server cannot be reached" : failure.getMessage();
  }

  private void more() {
    socket.thenAccept(open -> open.request(1));
  }

  private final class Pieces implements WebSocket.Listener {
    @Override
    public void onOpen(WebSocket opened) {
      opened.request(AHEAD);
    }

    @Override
    public CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] piece = new byte[data.remaining()];
      data.get(piece);
      input.add(piece);
      return null;
    }

    @Override
    public CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      from.abort();
      input.end();
      return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      input.end();
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      input.end();
    }
  }

  @Override
  public InputStream input() {
    return input;
  }

  @Override
  public OutputStream output() {
    return new OutputStream() {
      @Override
      public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int sent = 0; sent < length; sent += PIECE) {
          ByteBuffer piece = ByteBuffer.wrap(bytes, offset + sent, Math.min(PIECE, length - sent));
          await(socket.join().sendBinary(piece, true), STALLED);
        }
      }
    };
  }

  @Override
  public void close() {
    input.end();
    socket.thenAccept(
        open ->
            open.sendClose(WebSocket.NORMAL_CLOSURE, "")
                .orTimeout(2, TimeUnit.SECONDS)
                .whenComplete((_, _) -> client.shutdownNow()));
  }
}
