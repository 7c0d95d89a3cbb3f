package dev.concert.workspace;

import java.util.List;

/**
 * What Chronicle is asked about whole workspaces at moments of their past, and what it answers.
 *
 * <p>A snapshot has a name: 1 to 100 letters of ASCII, digits, {@code .}, {@code _} and {@code -},
 * the first of which is a letter or digit. A <em>moment</em> is a text: the name of a snapshot;
 * {@code @} and a time in ISO-8601, a day (its end in UTC) or Unix milliseconds; or {@code #} and
 * the sequence number of an iteration.
 */
public final class SnapshotMessages {
  private SnapshotMessages() {}

  /** Names the present moment of a workspace, of which there are at most 1,000. */
  public record CreateSnapshot(String workspaceId, String name) {}

  /**
   * A moment that has a name.
   *
   * @param sequence number of the latest iteration that it includes; 0 before the first
   * @param createdAt Unix milliseconds
   */
  public record Snapshot(String name, long sequence, long createdAt) {}

  public record ListSnapshots(String workspaceId) {}

  /** Oldest first. */
  public record Snapshots(List<Snapshot> snapshots) {}

  /** Forgets the name; the iterations stay until a retention policy drops them. */
  public record DeleteSnapshot(String workspaceId, String name) {}

  /**
   * Brings every file back to what it was, by new iterations; files that were not there are
   * deleted. Folders without a file are not part of a moment.
   *
   * @param exact whether to refuse, with {@code ITERATION_NOT_FOUND}, where a retention policy
   *     dropped what some file was then; otherwise its nearest older state stands for it
   */
  public record RestoreWorkspace(String workspaceId, String moment, boolean exact) {
    public RestoreWorkspace(String workspaceId, String moment) {
      this(workspaceId, moment, false);
    }
  }

  /**
   * @param written files that have another content or mode than before
   * @param deleted files that are gone
   * @param before sequence number of the latest iteration before: restoring to it undoes this
   * @param latest sequence number of the latest iteration afterwards
   * @param excluded files that are not versioned and stay as they are
   */
  public record WorkspaceRestored(
      int written, int deleted, long before, long latest, int excluded) {}

  /**
   * Fills another workspace of this host with the files of a moment; refuses, with {@code
   * ITERATION_NOT_FOUND}, where a retention policy dropped what some file was then. What is kept of
   * the contents serves both. Doing it twice does no harm.
   *
   * @param workspaceId whose files they are
   * @param moment empty for the present one
   * @param forkId the workspace that gets them; it is made where it is missing
   */
  public record ForkWorkspace(String workspaceId, String moment, String forkId) {}

  /**
   * @param files how many files the new workspace has
   * @param latest sequence number of the new workspace's latest iteration
   */
  public record WorkspaceForked(int files, long latest) {}

  /**
   * Asks for the files of a workspace in one piece.
   *
   * @param format {@code tar.gz} or {@code zip}
   * @param moment empty for the present one
   */
  public record OpenArchive(String workspaceId, String format, String moment) {}

  /**
   * An address from which an archive can be had by whoever presents the token as {@code
   * Authorization: Bearer}, once and within 30 s. The token is a secret.
   *
   * @param node on whose host it is; the directory knows the host
   * @param excluded how many files are left out of a past moment, because they have no versions
   */
  public record ArchiveOpened(
      String node, int port, String path, String token, String mediaType, int excluded) {
    @Override
    public String toString() {
      return "ArchiveOpened[%s:%d%s]".formatted(node, port, path);
    }
  }
}
