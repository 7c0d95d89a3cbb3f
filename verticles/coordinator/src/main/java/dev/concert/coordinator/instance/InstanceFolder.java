package dev.concert.coordinator.instance;

import dev.concert.coordinator.ipc.SocketPath;
import dev.concert.coordinator.process.TempDirectory;
import dev.concert.coordinator.sandbox.AgentUsers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalInt;

/**
 * The folder of an instance, ready for its next process. Only this user may look into it.
 *
 * @param folder holds {@code db}, {@code logs}, {@code process.json}, {@code user}
 * @param socket where the agent will connect
 * @param temp empty folder that goes with the process
 * @param user whom the agent is on this host; empty where it is whoever runs this
 */
record InstanceFolder(Path folder, SocketPath socket, Path temp, OptionalInt user) {

  /** Makes what is missing. Touches files: not for event loops. */
  static InstanceFolder prepare(Path folder, AgentUsers users) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    // First, since it may be refused: sockets may have a folder outside of this one.
    OptionalInt user = users.take(folder);
    return new InstanceFolder(folder, SocketPath.prepare(folder), TempDirectory.make(folder), user);
  }
}
