package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.DescriptorSocket;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The program by which users other than root mount: it opens the device, mounts, and hands the
 * descriptor over a socket whose number it finds in {@code _FUSE_COMMFD}.
 */
final class Fusermount {
  private Fusermount() {}

  /** Where it is; that of libfuse 3 before that of libfuse 2. */
  static Optional<Path> find() {
    return Stream.of("fusermount3", "fusermount")
        .flatMap(
            name ->
                Stream.of("/usr/bin", "/bin", "/usr/local/bin")
                    .map(Path::of)
                    .map(folder -> folder.resolve(name)))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Answers with the descriptor that the mount is served by. */
  static int mount(Path mountPoint, String source, String type) {
    Path program = find().orElseThrow(() -> refused("fusermount3 is not installed"));
    // Others may not be let in without a line in /etc/fuse.conf.
    String options =
        "fsname="
            + source
            + ",subtype="
            + type.substring(type.indexOf('.') + 1)
            + ",default_permissions,max_read="
            + Handshake.MAX_TRANSFER;
    int device =
        DescriptorSocket.receiveFrom(
            List.of(program.toString(), "-o", options, "--", mountPoint.toString()),
            "_FUSE_COMMFD");
    if (device < 0) {
      throw refused(program.getFileName() + " handed over no descriptor");
    }
    return device;
  }

  private static ConcertException refused(String why) {
    return new ConcertException(
        ErrorCode.INTERNAL, "The workspace cannot be mounted: " + why + ".");
  }
}
