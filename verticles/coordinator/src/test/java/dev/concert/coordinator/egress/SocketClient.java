package dev.concert.coordinator.egress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.SocketException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A program at an agent's Unix socket that writes and reads bytes; none of it waits for ever. */
final class SocketClient implements AutoCloseable {
  private static final long TIMEOUT_SECONDS = 180;

  private final SocketChannel channel;

  private SocketClient(SocketChannel channel) {
    this.channel = channel;
    // A blocking read of a Unix socket has no timeout of its own; closing the socket ends it.
    CompletableFuture.delayedExecutor(TIMEOUT_SECONDS, TimeUnit.SECONDS).execute(this::close);
  }

  static SocketClient connect(Path socket) throws IOException {
    return new SocketClient(SocketChannel.open(UnixDomainSocketAddress.of(socket)));
  }

  /** Sends a request and reads until the server hangs up. */
  static String exchange(Path socket, String request) throws IOException {
    try (SocketClient client = connect(socket)) {
      client.send(request);
      return client.rest();
    }
  }

  SocketClient send(String text) throws IOException {
    ByteBuffer bytes = StandardCharsets.ISO_8859_1.encode(text);
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    return this;
  }

  /** Reads until the text ends so. */
  String readUntil(String end) throws IOException {
    StringBuilder text = new StringBuilder();
    while (!text.toString().endsWith(end)) {
      String more = read(1);
      if (more.isEmpty()) {
        throw new IOException("The connection ended after: " + text);
      }
      text.append(more);
    }
    return text.toString();
  }

  /** Reads until the server hangs up, also with some of the request unread. */
  String rest() throws IOException {
    StringBuilder text = new StringBuilder();
    try {
      String more = read(8192);
      while (!more.isEmpty()) {
        text.append(more);
        more = read(8192);
      }
    } catch (SocketException reset) {
      if (text.isEmpty()) {
        throw reset;
      }
    }
    return text.toString();
  }

  /** Reads some bytes; "" at the end of the stream. */
  String read(int most) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(most);
    return channel.read(piece) < 0
        ? ""
        : StandardCharsets.ISO_8859_1.decode(piece.flip()).toString();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
