package dev.concert.chronicle.binding;

import dev.concert.chronicle.posix.DescriptorSocket;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The program that mounts for users other than root: it opens the device, mounts, and passes the
 * descriptor over a socket whose number it finds in {@code _FUSE_COMMFD}.
 */
public final class Fusermount {
  private static final String[] NAMES = {"fusermount3", "fusermount"};
  private static final List<Path> FOLDERS =
      Stream.of("/usr/bin", "/bin", "/usr/local/bin").map(Path::of).toList();

  private Fusermount() {}

  /** Where it is: that of libfuse 3, or else that of libfuse 2. */
  public static Optional<Path> find() {
    return find(NAMES);
  }

  static Optional<Path> find(String... names) {
    return Stream.of(names)
        .flatMap(name -> FOLDERS.stream().map(folder -> folder.resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Mounts.
   *
   * @param options of {@code fusermount -o}
   * @return the descriptor that the mount is served by
   * @throws ConcertException when it is refused
   */
  public static int mount(Path mountPoint, String options) {
    Path program = find().orElseThrow(() -> refused("fusermount3 is not installed"));
    int device =
        DescriptorSocket.receiveFrom(
            List.of(program.toString(), "-o", options, "--", mountPoint.toString()),
            "_FUSE_COMMFD");
    if (device < 0) {
      throw refused(program.getFileName() + " returned no descriptor");
    }
    return device;
  }

  private static ConcertException refused(String why) {
    return new ConcertException(
        ErrorCode.INTERNAL, "The workspace cannot be mounted: " + why + ".");
  }
}
