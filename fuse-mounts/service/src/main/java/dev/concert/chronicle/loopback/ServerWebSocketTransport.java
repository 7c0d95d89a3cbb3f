package dev.concert.chronicle.loopback;

import dev.concert.chronicle.replication.transport.PieceQueue;
import dev.concert.chronicle.replication.wire.Transport;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A WebSocket of this server as streams. Its bytes wait in the network, not in memory. */
final class ServerWebSocketTransport implements Transport {
  private static final int PIECE = 32 * 1024;
  private static final int AHEAD = 16;
  private static final int STALLED_SECONDS = 60;

  private final ServerWebSocket socket;
  private final PieceQueue input;

  private ServerWebSocketTransport(ServerWebSocket socket, Context context) {
    this.socket = socket;
    this.input = new PieceQueue(() -> context.runOnContext(_ -> socket.fetch(1)));
  }

  /** Takes over a socket that was just opened; called on its context. */
  static ServerWebSocketTransport of(ServerWebSocket socket, Context context) {
    ServerWebSocketTransport transport = new ServerWebSocketTransport(socket, context);
    socket.pause();
    socket.handler(piece -> transport.input.add(piece.getBytes()));
    socket.endHandler(_ -> transport.input.end());
    socket.closeHandler(_ -> transport.input.end());
    socket.exceptionHandler(_ -> transport.input.end());
    socket.fetch(AHEAD);
    return transport;
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
          send(Buffer.buffer().appendBytes(bytes, offset + sent, Math.min(PIECE, length - sent)));
        }
      }
    };
  }

  private void send(Buffer piece) throws IOException {
    try {
      socket
          .writeBinaryMessage(piece)
          .toCompletionStage()
          .toCompletableFuture()
          .get(STALLED_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException("the replica is gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() {
    input.end();
    if (!socket.isClosed()) {
      socket.close();
    }
  }
}
