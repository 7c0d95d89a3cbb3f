package dev.concert.coordinator.process;

import dev.concert.coordinator.ipc.SocketPath;
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
 * Clears what a coordinator that was killed left: agents that still run, control groups, sockets,
 * temporary folders. To be called while no other coordinator uses the folder. Blocks: not for event
 * loops.
 */
public final class OrphanReaper {
  private static final Logger LOG = LoggerFactory.getLogger(OrphanReaper.class);

  private OrphanReaper() {}

  public static void clear(Path instances) throws IOException {
    List<Path> folders;
    try (Stream<Path> children = Files.list(instances)) {
      folders = children.filter(Files::isDirectory).toList();
    }
    for (Path folder : folders) {
      try {
        clearInstance(folder);
      } catch (IOException e) {
        // One folder must not keep all the others from starting.
        LOG.warn("What instance {} left cannot be cleared", folder.getFileName(), e);
      }
    }
  }

  private static void clearInstance(Path folder) throws IOException {
    Optional<ProcessRecord> record = read(folder);
    if (record.isPresent()) {
      kill(folder, record.get());
      removeSockets(folder, Path.of(record.get().socket()).getParent());
    }
    SocketPath.clear(folder);
    ProcessRecord.delete(folder);
    TempDirectory.remove(folder);
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
    ProcessFamily left = new ProcessFamily(first, record.socket());
    int count = left.running().size();
    if (count > 0) {
      LOG.warn(
          "Killing {} process(es) that a coordinator before this one left to instance {}",
          count,
          folder.getFileName());
      left.killAll();
    }
    record
        .group()
        .ifPresent(
            group -> {
              group.killAll();
              group.removeWithParent();
            });
  }

  private static void removeSockets(Path folder, Path place) throws IOException {
    if (place != null
        && !place.startsWith(folder)
        && place.getFileName().toString().startsWith("concert-")) {
      SocketPath.clear(place);
      Files.deleteIfExists(place);
    }
  }
}
