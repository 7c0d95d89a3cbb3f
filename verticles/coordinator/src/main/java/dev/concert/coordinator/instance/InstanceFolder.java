package dev.concert.coordinator.instance;

import dev.concert.coordinator.ipc.SocketPath;
import dev.concert.coordinator.sandbox.Scratch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The folder of an instance, ready for its next process. Only this user may look into it.
 *
 * @param folder holds {@code db}, {@code logs}, {@code process.json}
 * @param socket where the agent will connect
 * @param scratch empty folder that goes with the process
 */
record InstanceFolder(Path folder, SocketPath socket, Path scratch) {

  /** Makes what is missing. Touches files: not for event loops. */
  static InstanceFolder prepare(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
    return new InstanceFolder(folder, SocketPath.prepare(folder), Scratch.make(folder));
  }
}
