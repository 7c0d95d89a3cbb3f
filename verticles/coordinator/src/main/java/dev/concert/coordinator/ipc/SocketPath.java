package dev.concert.coordinator.ipc;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * Where an instance's sockets are: in the instance's folder, or, where their paths are longer than
 * the 106 bytes that Java binds a Unix socket to, in a private folder of their own below the host's
 * temporary folder.
 *
 * <p>Touches files: not for event loops.
 *
 * @param socket the path that the agent connects to
 * @param temporaryFolder the folder that was made for the sockets and goes with them
 */
public record SocketPath(Path socket, Optional<Path> temporaryFolder) {
  /** One less than Linux takes: the JDK keeps two bytes of the address free. */
  private static final int LONGEST = 106;

  private static final String AGENT = "ipc.sock";
  private static final String PROXY = "egress.sock";
  private static final String ENSEMBLE = "ensemble.sock";
  private static final List<String> NAMES = List.of(AGENT, PROXY, ENSEMBLE);

  /** Chooses the paths and makes sure that nothing lies there. */
  public static SocketPath prepare(Path instanceFolder) throws IOException {
    clear(instanceFolder);
    if (length(instanceFolder.resolve(ENSEMBLE)) <= LONGEST) {
      return new SocketPath(instanceFolder.resolve(AGENT), Optional.empty());
    }
    Path folder =
        Files.createTempDirectory(
            Path.of("/tmp"),
            "concert-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    return new SocketPath(folder.resolve(AGENT), Optional.of(folder));
  }

  private static int length(Path path) {
    return path.toString().getBytes(StandardCharsets.UTF_8).length;
  }

  /** Removes the sockets that lie in this folder. */
  public static void clear(Path folder) throws IOException {
    for (String name : NAMES) {
      Files.deleteIfExists(folder.resolve(name));
    }
  }

  /** Of the egress proxy. */
  public Path proxy() {
    return socket.resolveSibling(PROXY);
  }

  /** Of the way to Ensemble. */
  public Path ensemble() {
    return socket.resolveSibling(ENSEMBLE);
  }

  /** Nobody but this user may connect. */
  public void restrict() throws IOException {
    Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rw-------"));
  }

  /** Removes the sockets, and their temporary folder where they have one. */
  public void remove() throws IOException {
    clear(socket.getParent());
    if (temporaryFolder.isPresent()) {
      Files.deleteIfExists(temporaryFolder.get());
    }
  }
}
