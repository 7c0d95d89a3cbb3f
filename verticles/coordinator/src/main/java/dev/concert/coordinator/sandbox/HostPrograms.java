package dev.concert.coordinator.sandbox;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Paths of the host's programs that shut an agent in.
 *
 * @param bwrap bubblewrap, which makes the namespaces
 * @param setpriv gives up root and every capability
 * @param socat forwards ports to Unix sockets
 * @param setsid starts a session: then an agent does not get the Ctrl-C that a person types at the
 *     server's terminal
 */
record HostPrograms(
    Optional<String> bwrap,
    Optional<String> setpriv,
    Optional<String> socat,
    Optional<String> setsid) {

  /** Looks along {@code PATH}. */
  static HostPrograms find() {
    return new HostPrograms(onPath("bwrap"), onPath("setpriv"), onPath("socat"), onPath("setsid"));
  }

  private static Optional<String> onPath(String program) {
    return Stream.of(
            Optional.ofNullable(System.getenv("PATH"))
                .orElse("/usr/bin:/bin")
                .split(File.pathSeparator))
        .map(folder -> Path.of(folder).resolve(program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
