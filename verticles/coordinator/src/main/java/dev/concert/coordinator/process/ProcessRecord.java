package dev.concert.coordinator.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.concert.coordinator.cgroup.Cgroup;
import dev.concert.foundation.files.AtomicFile;
import dev.concert.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * {@code process.json}: which process an instance has, so that the next coordinator finds it when
 * this one is killed. A process id alone would not do: ids are given again, and after a boot they
 * mean nothing. Reads and writes files: not for event loops.
 *
 * @param startTicks when the process started, in clock ticks since boot
 * @param boot id of the host's boot; empty on a host that has none
 * @param socket path of the agent's socket
 * @param groups folders of its control group; none where it has none
 */
record ProcessRecord(long pid, long startTicks, String boot, String socket, List<String> groups) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final String NAME = "process.json";

  /** The record of a process that runs; empty when it is gone already. */
  static Optional<ProcessRecord> of(long pid, Path socket, List<Path> groups) throws IOException {
    String boot = bootNow();
    List<String> folders = groups.stream().map(Path::toString).toList();
    return ProcessTable.entry(pid)
        .map(entry -> new ProcessRecord(pid, entry.startTicks(), boot, socket.toString(), folders));
  }

  void write(Path instanceFolder) throws IOException {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("pid", pid).put("start_ticks", startTicks).put("boot", boot).put("socket", socket);
    groups.forEach(json.putArray("groups")::add);
    AtomicFile.replace(instanceFolder.resolve(NAME), Json.MAPPER.writeValueAsBytes(json));
  }

  static Optional<ProcessRecord> read(Path instanceFolder) throws IOException {
    Path file = instanceFolder.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode json = Json.MAPPER.readTree(file.toFile());
    return Optional.of(
        new ProcessRecord(
            json.path("pid").asLong(),
            json.path("start_ticks").asLong(),
            json.path("boot").asText(),
            json.path("socket").asText(),
            StreamSupport.stream(json.path("groups").spliterator(), false)
                .map(JsonNode::asText)
                .toList()));
  }

  static void delete(Path instanceFolder) throws IOException {
    Files.deleteIfExists(instanceFolder.resolve(NAME));
  }

  /** The process of this record, if it still runs. */
  Optional<ProcessTable.Entry> running() throws IOException {
    return boot.equals(bootNow())
        ? ProcessTable.entry(pid).filter(entry -> entry.startTicks() == startTicks)
        : Optional.empty();
  }

  /** Its control group, if the host has not booted since. */
  Optional<Cgroup> group() throws IOException {
    return boot.equals(bootNow()) && !groups.isEmpty()
        ? Optional.of(Cgroup.existing(groups.stream().map(Path::of).toList()))
        : Optional.empty();
  }

  private static String bootNow() throws IOException {
    return Files.exists(BOOT_ID) ? Files.readString(BOOT_ID).strip() : "";
  }
}
