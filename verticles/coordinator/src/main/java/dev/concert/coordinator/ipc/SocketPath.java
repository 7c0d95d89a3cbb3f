package dev.concert.coordinator.ipc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * Where an instance's socket is: {@code ipc.sock} in the instance's folder, or, where that path is
 * longer than the 107 bytes that a Unix socket address holds, in a private folder of its own below
 * the host's temporary folder.
 *
 * <p>Touches files: not for event loops.
 *
 * @param socket the path to listen on
 * @param temporaryFolder the folder that was made for it and goes with it
 */
public record SocketPath(Path socket, Optional<Path> temporaryFolder) {
  private static final int LONGEST = 107;

  /** Chooses the path and makes sure that nothing lies there. */
  public static SocketPath prepare(Path instanceFolder) throws IOException {
    Path usual = instanceFolder.resolve("ipc.sock");
    Files.deleteIfExists(usual);
    if (usual.toString().getBytes(StandardCharsets.UTF_8).length <= LONGEST) {
      return new SocketPath(usual, Optional.empty());
    }
    Path folder =
        Files.createTempDirectory(
            Path.of("/tmp"),
            "concert-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new SocketPath(folder.resolve("ipc.sock"), Optional.of(folder));
  }

  /** Nobody but this user may connect. */
  public void restrict() throws IOException {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
  }

  /** Removes the socket, and its temporary folder where it has one. */
  public void remove() throws IOException {
    Files.deleteIfExists(socket);
    if (temporaryFolder.isPresent()) {
      Files.deleteIfExists(temporaryFolder.get());
    }
  }
}
