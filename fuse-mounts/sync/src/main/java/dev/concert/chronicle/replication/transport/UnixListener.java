package dev.concert.chronicle.replication.transport;

import dev.concert.chronicle.replication.wire.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a Unix socket that only the owner of the process may connect to. A socket file that a
 * killed process left is replaced.
 */
public final class UnixListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UnixListener.class);

  private final Path place;
  private final ServerSocketChannel server;

  private UnixListener(Path place, ServerSocketChannel server) {
    this.place = place;
    this.server = server;
  }

  /**
   * @param place however long its path is
   * @param accept gets each connection on the listener's thread and must not block
   */
  public static UnixListener listen(Path place, Consumer<Transport> accept) {
    try {
      Files.createDirectories(place.toAbsolutePath().getParent());
      UnixListener listener = new UnixListener(place, bind(place));
      Thread.ofVirtual().name("sync-listener").start(() -> listener.accept(accept));
      return listener;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot listen on " + place.getFileName(), e);
    }
  }

  /** Binds aside, so that the socket is never there with wider permissions. */
  private static ServerSocketChannel bind(Path place) throws IOException {
    Path aside = place.resolveSibling(place.getFileName() + ".new");
    Files.deleteIfExists(aside);
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try (SocketName name = SocketName.of(aside)) {
      server.bind(name.address());
      Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rw-------"));
      Files.move(aside, place, StandardCopyOption.ATOMIC_MOVE);
      return server;
    } catch (IOException | RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private void accept(Consumer<Transport> accept) {
    while (server.isOpen()) {
      try {
        SocketChannel client = server.accept();
        accept.accept(new UnixTransport(client));
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException e) {
        LOG.warn("A replica could not be accepted", e);
        return;
      }
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      Files.deleteIfExists(place);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot stop listening", e);
    }
  }
}
