package dev.concert.coordinator.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clears what a coordinator that was killed left: agents that still run, sockets, scratch folders.
 * To be called while no other coordinator uses the folder. Blocks: not for event loops.
 */
public final class LeftOvers {
  private static final Logger LOG = LoggerFactory.getLogger(LeftOvers.class);

  private LeftOvers() {}

  public static void clear(Path instances) throws IOException {
    List<Path> folders;
    try (Stream<Path> children = Files.list(instances)) {
      folders = children.filter(Files::isDirectory).toList();
    }
    for (Path folder : folders) {
      clearInstance(folder);
    }
  }

  private static void clearInstance(Path folder) throws IOException {
    Optional<ProcessRecord> record = read(folder);
    if (record.isPresent()) {
      kill(folder, record.get());
      removeSocket(folder, Path.of(record.get().socket()));
    }
    ProcessRecord.delete(folder);
    Scratch.remove(folder);
  }

  private static Optional<ProcessRecord> read(Path folder) {
    try {
      return ProcessRecord.read(folder);
    } catch (IOException e) {
      LOG.warn("The process record of instance {} cannot be read", folder.getFileName(), e);
      return Optional.empty();
    }
  }

  private static void kill(Path folder, ProcessRecord record) throws IOException {
    OptionalLong first = record.running().stream().mapToLong(ProcessTable.Entry::pid).findAny();
    AgentProcesses left = new AgentProcesses(first, record.socket());
    int count = left.running().size();
    if (count > 0) {
      LOG.warn(
          "Killing {} process(es) that a coordinator before this one left to instance {}",
          count,
          folder.getFileName());
      left.killAll();
    }
  }

  private static void removeSocket(Path folder, Path socket) throws IOException {
    Files.deleteIfExists(socket);
    if (!socket.startsWith(folder)
        && socket.getParent() != null
        && socket.getParent().getFileName().toString().startsWith("concert-")) {
      Files.deleteIfExists(socket.getParent());
    }
  }
}
