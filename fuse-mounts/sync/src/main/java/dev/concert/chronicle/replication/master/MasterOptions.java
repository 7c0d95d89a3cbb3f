package dev.concert.chronicle.replication.master;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a master deals with its replicas.
 *
 * @param heartbeat longest silence of the master
 * @param timeout a replica that is silent, or takes nothing, for so long is cut off
 * @param gapLimit a replica that misses more iterations is sent all files instead
 * @param maxReplicas of a workspace at a time
 * @param maxFile largest file that is taken from a replica, bytes
 * @param staging folder for large contents on their way in
 */
public record MasterOptions(
    Duration heartbeat,
    Duration timeout,
    long gapLimit,
    int maxReplicas,
    long maxFile,
    Path staging) {
  public static MasterOptions of(Path staging) {
    return new MasterOptions(
        Duration.ofSeconds(5), Duration.ofSeconds(60), 10_000, 64, 8L << 30, staging);
  }
}
