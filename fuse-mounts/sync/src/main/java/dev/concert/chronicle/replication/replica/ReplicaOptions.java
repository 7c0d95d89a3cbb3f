package dev.concert.chronicle.replication.replica;

import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Pattern;

/**
 * How a replica runs.
 *
 * @param name known to the master, and part of the names of conflicting files: 1 to 64 letters,
 *     digits, {@code _} or {@code -}; no two replicas of a workspace have the same
 * @param folder for what the replica remembers; not among its files. One replica uses it at a time
 * @param timeout a master that is silent for so long is given up
 * @param longestPause between two attempts to connect
 */
public record ReplicaOptions(String name, Path folder, Duration timeout, Duration longestPause) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  public ReplicaOptions {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A replica's name has to be 1 to 64 letters, digits, '_' or '-', not: " + name);
    }
  }

  public static ReplicaOptions of(String name, Path folder) {
    return new ReplicaOptions(name, folder, Duration.ofSeconds(30), Duration.ofSeconds(30));
  }
}
