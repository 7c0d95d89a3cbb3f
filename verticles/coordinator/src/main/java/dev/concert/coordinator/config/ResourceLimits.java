package dev.concert.coordinator.config;

import dev.concert.foundation.config.ByteSize;
import dev.concert.foundation.config.ConfigException;
import dev.concert.foundation.config.ConfigReader;

/**
 * What one agent may use of this host: its process and all that it starts, together.
 *
 * @param memory with its files in {@code /tmp}, {@code HOME} and {@code /dev/shm}, which are kept
 *     in memory
 * @param cpus processors' time per time: 1.5 is one and a half processors
 * @param processes processes and threads
 * @param openFiles of each of its processes
 * @param scratch each of {@code /tmp} and {@code HOME}; {@code /dev/shm} holds an eighth of it
 * @param workspace bytes that the files of the workspace take on the disk
 * @param workspaceFiles files, folders and links of the workspace
 */
public record ResourceLimits(
    ByteSize memory,
    double cpus,
    int processes,
    int openFiles,
    ByteSize scratch,
    ByteSize workspace,
    long workspaceFiles) {
  public static final ResourceLimits DEFAULT =
      new ResourceLimits(
          ByteSize.gib(2), 2, 512, 4096, ByteSize.mib(512), ByteSize.gib(10), 1_000_000);

  private static final ByteSize MOST = ByteSize.gib(1 << 20);

  /**
   * Reads a section {@code resources}; what it does not name is as in {@code defaults}.
   *
   * @throws ConfigException with a sentence that names the key
   */
  public static ResourceLimits from(ConfigReader section, ResourceLimits defaults) {
    return new ResourceLimits(
        section.size("memory", ByteSize.mib(16), MOST, defaults.memory),
        section.decimal("cpus", 0.01, 10_000, defaults.cpus),
        section.number("processes", 1, 1_000_000, defaults.processes),
        section.number("openFiles", 16, 1_000_000, defaults.openFiles),
        section.size("scratch", ByteSize.kib(64), MOST, defaults.scratch),
        section.size("workspace", ByteSize.kib(64), MOST, defaults.workspace),
        section.longNumber("workspaceFiles", 1, 1_000_000_000, defaults.workspaceFiles));
  }
}
