package dev.concert.chronicle.gc;

import dev.concert.chronicle.journal.IterationPruner;
import dev.concert.chronicle.retention.RetentionPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Drops iterations of all workspaces of a host by a policy, then contents that nothing needs any
 * more. May run beside a server that writes. Blocks for long.
 *
 * @param policy of workspaces that have none of their own
 * @param store folder of the content store
 * @param grace for which a content stays that nothing needs
 */
public record GarbageCollection(
    Path store, WorkspaceRoots workspaces, RetentionPolicy policy, Duration grace) {
  private static final Logger LOG = LoggerFactory.getLogger(GarbageCollection.class);

  /**
   * What was done.
   *
   * @param dropped iterations
   * @param collected empty where another process is collecting
   */
  public record Report(long dropped, Optional<ContentSweeper.Result> collected) {}

  /**
   * @throws IOException or a RuntimeException where a workspace cannot say what it needs: nothing
   *     is collected then
   */
  public Report run() throws IOException {
    long dropped = prune();
    return new Report(
        dropped,
        new ContentSweeper(store, List.of(workspaces), grace, InstantSource.system()).run());
  }

  private Optional<IterationPruner.Dropping> dropping(Optional<String> own, Instant now) {
    RetentionPolicy holds = own.map(RetentionPolicy::parse).orElse(policy);
    return holds instanceof RetentionPolicy.KeepAll
        ? Optional.empty()
        : Optional.of((versions, snapshots) -> holds.dropped(versions, snapshots, now));
  }

  private long prune() throws IOException {
    long dropped = 0;
    Instant now = Instant.now();
    for (Map.Entry<String, Path> journal : workspaces.journals().entrySet()) {
      try {
        dropped += IterationPruner.apply(journal.getValue(), own -> dropping(own, now));
      } catch (RuntimeException damaged) {
        // The other workspaces do not wait for its repair.
        LOG.warn(
            "Iterations of workspace {} are not dropped: {}",
            journal.getKey(),
            damaged.getMessage());
      }
    }
    return dropped;
  }
}
