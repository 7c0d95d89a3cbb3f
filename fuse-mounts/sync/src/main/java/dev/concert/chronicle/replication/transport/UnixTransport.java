package dev.concert.chronicle.replication.transport;

import dev.concert.chronicle.replication.wire.Transport;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/** A connection over a Unix socket. */
public final class UnixTransport implements Transport {
  private final SocketChannel channel;

  UnixTransport(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * @param socket however long its path is
   */
  public static UnixTransport connect(Path socket) throws IOException {
    try (SocketName name = SocketName.of(socket)) {
      return new UnixTransport(SocketChannel.open(name.address()));
    }
  }

  @Override
  public InputStream input() {
    return Channels.newInputStream(channel);
  }

  @Override
  public OutputStream output() {
    return Channels.newOutputStream(channel);
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot close a connection", e);
    }
  }
}
