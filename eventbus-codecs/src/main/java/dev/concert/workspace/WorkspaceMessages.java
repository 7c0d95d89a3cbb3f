package dev.concert.workspace;

import java.util.List;

/**
 * What Chronicle is asked and what it answers.
 *
 * <p>A workspace is known by its id: letters, digits, {@code _} and {@code -}, at most 128. Paths
 * are relative to the workspace's root, with {@code /} between their parts and no {@code .} or
 * {@code ..} among them; the root itself is the empty path. Times are Unix milliseconds, sizes are
 * bytes, hashes are lower-case hex.
 */
public final class WorkspaceMessages {
  private WorkspaceMessages() {}

  /**
   * Makes the workspace's files available on this host; answers with where they are. A workspace
   * that does not exist yet is made; asking again for one that is mounted answers with the same
   * place.
   */
  public record Mount(String workspaceId) {}

  /**
   * @param path absolute path at which an agent finds the files
   * @param kind {@code fuse}, or {@code folder} where the host has no FUSE
   */
  public record Mounted(String path, String kind) {}

  /** Unmounts cleanly; what was written is kept. Unmounting what is not mounted succeeds. */
  public record Unmount(String workspaceId) {}

  public record ListFiles(String workspaceId, String path, int depth) {}

  /** Entries in the order of their paths; a folder's entries follow it. */
  public record FileList(String path, List<FileEntry> entries) {}

  /**
   * @param type {@code file}, {@code directory} or {@code symlink}
   * @param iteration latest iteration of the path, 0 where there is none (a folder)
   */
  public record FileEntry(String path, String type, long size, long modifiedAt, long iteration) {}

  public record ReadFile(String workspaceId, String path) {}

  public record ReadIteration(String workspaceId, String path, long iteration) {}

  /**
   * @param encoding {@code utf8} where the bytes are valid UTF-8 without NUL, else {@code base64}
   * @param iteration the iteration that this content is; 0 when the file has none yet
   */
  public record FileContent(
      String path, String encoding, String content, long size, long iteration, String hash) {}

  /**
   * Writes a file, whole, with the folders it needs; one that is there keeps its permissions.
   *
   * @param content Base64; at most 10 MiB of bytes
   */
  public record WriteFile(String workspaceId, String path, String content) {}

  /** Deletes a file; its iterations stay. */
  public record DeleteFile(String workspaceId, String path) {}

  /** Makes an iteration the file's content again, as a new iteration; also where it is deleted. */
  public record RestoreFile(String workspaceId, String path, long iteration) {}

  /**
   * The path's latest iteration after a change.
   *
   * @param hash empty after a deletion
   */
  public record FileWritten(String path, long iteration, String hash) {}

  /** Asks what differs between two iterations of a path. */
  public record DiffFile(String workspaceId, String path, long from, long to) {}

  /**
   * @param text hunks of a unified diff, without its head; empty where nothing differs
   * @param binary whether one of the two is no text; then there is no diff
   */
  public record FileDiff(String path, long from, long to, String text, boolean binary) {}

  public record ReadHistory(String workspaceId, String path) {}

  /** Oldest first. */
  public record FileHistory(String path, List<FileIteration> iterations) {}

  /**
   * @param iteration counts from 1 for each path
   * @param hash content hash; empty for a deletion
   */
  public record FileIteration(
      long iteration, long timestamp, long size, String hash, boolean deleted) {}

  /** Asks for the changes of a workspace after a sequence number, oldest first. */
  public record ChangesSince(String workspaceId, long sequence) {}

  /**
   * @param latest sequence number of the workspace's latest change
   */
  public record FileChanges(List<FileChange> changes, long latest) {}

  /**
   * One iteration came to be.
   *
   * @param sequence counts all iterations of the workspace from 1, without holes
   * @param change {@code created}, {@code modified}, {@code deleted} or {@code renamed}
   * @param from the path before a rename; null otherwise
   */
  public record FileChange(
      String workspaceId,
      long sequence,
      String path,
      String change,
      long iteration,
      long size,
      String hash,
      long timestamp,
      String from) {}

  /**
   * Whether a workspace can be written; told when that changes, and again while it cannot.
   *
   * @param code of the error; empty where all is well again
   * @param message one sentence for a person; empty where all is well again
   */
  public record WorkspaceCondition(String workspaceId, String code, String message) {}

  /** Asks for a way in for one replica of a workspace that exists or has an agent. */
  public record OpenSync(String workspaceId) {}

  /**
   * A WebSocket that is open to whoever presents the token as {@code Authorization: Bearer}, once
   * and within 30 s. The token is a secret.
   */
  public record SyncOpened(String host, int port, String path, String token) {
    @Override
    public String toString() {
      return "SyncOpened[%s:%d%s]".formatted(host, port, path);
    }
  }
}
