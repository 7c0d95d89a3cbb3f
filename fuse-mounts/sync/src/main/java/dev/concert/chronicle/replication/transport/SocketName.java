package dev.concert.chronicle.replication.transport;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The address by which a Unix socket is bound or connected to. A system takes about a hundred bytes
 * for one, and a path may be longer: then it leads through a symlink in a folder for temporary
 * files, which is there until this is closed. The socket itself is where it should be.
 */
record SocketName(UnixDomainSocketAddress address, Optional<Path> shortcut)
    implements AutoCloseable {
  /** What Linux (107) and macOS take, the smaller of the two. Bytes. */
  private static final int LONGEST = 103;

  static SocketName of(Path socket) throws IOException {
    if (fits(socket)) {
      return new SocketName(UnixDomainSocketAddress.of(socket), Optional.empty());
    }
    Path shortcut = Files.createTempDirectory("cs");
    Path folder = shortcut.resolve("f");
    try {
      Files.createSymbolicLink(folder, socket.toAbsolutePath().getParent());
      return new SocketName(
          UnixDomainSocketAddress.of(folder.resolve(socket.getFileName())), Optional.of(shortcut));
    } catch (IOException | RuntimeException e) {
      remove(shortcut);
      throw e;
    }
  }

  private static boolean fits(Path socket) {
    return socket.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST;
  }

  @Override
  public void close() throws IOException {
    if (shortcut.isPresent()) {
      remove(shortcut.get());
    }
  }

  private static void remove(Path shortcut) throws IOException {
    Files.deleteIfExists(shortcut.resolve("f"));
    Files.deleteIfExists(shortcut);
  }
}
