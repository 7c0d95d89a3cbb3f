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
   *
   * @param owner user id on this host that an agent in the workspace has, and group id as well: all
   *     files are given to it, those there are and those to come; 0 where agents are of the
   *     services' own user, and files stay whose they are
   * @param quota what the workspace may take of the disk; holds also for one that is mounted
   *     already
   */
  public record Mount(String workspaceId, int owner, WorkspaceQuota quota) {
    public Mount {
      quota = quota == null ? WorkspaceQuota.NONE : quota;
    }

    /** Without a quota. */
    public Mount(String workspaceId, int owner) {
      this(workspaceId, owner, WorkspaceQuota.NONE);
    }

    /** Without an owner and a quota. */
    public Mount(String workspaceId) {
      this(workspaceId, 0);
    }
  }

  /**
   * The most that a workspace may take of its disk.
   *
   * @param bytes allocated on the disk
   * @param files with folders and links
   */
  public record WorkspaceQuota(long bytes, long files) {
    /** As much as the disk gives. */
    public static final WorkspaceQuota NONE = new WorkspaceQuota(Long.MAX_VALUE, Long.MAX_VALUE);
  }

  /**
   * @param place path at which an agent finds the files, relative to the instances folder that the
   *     services of this node share by configuration
   * @param kind {@code fuse}, or {@code folder} where the host has no FUSE
   */
  public record Mounted(String place, String kind) {}

  /** Unmounts cleanly; what was written is kept. Unmounting what is not mounted succeeds. */
  public record Unmount(String workspaceId) {}

  /**
   * Unmounts and removes the workspace with its whole history; contents that no other one has are
   * freed by the next garbage collection. Deleting what is not there succeeds.
   */
  public record DeleteWorkspace(String workspaceId) {}

  /**
   * @param cursor {@code nextCursor} of the page before; null for the first page
   */
  public record ListFiles(String workspaceId, String path, int depth, String cursor) {
    public ListFiles(String workspaceId, String path, int depth) {
      this(workspaceId, path, depth, null);
    }
  }

  /**
   * Entries in the order of their paths; a folder's entries follow it.
   *
   * @param nextCursor where the next page begins; null after the last page
   */
  public record FileList(String path, List<FileEntry> entries, String nextCursor) {}

  /**
   * @param type {@code file}, {@code directory} or {@code symlink}
   * @param iteration latest iteration of the path, 0 if there is none (a folder)
   */
  public record FileEntry(String path, String type, long size, long modifiedAt, long iteration) {}

  /**
   * A piece of a file.
   *
   * @param offset of its first byte
   * @param length most bytes of it; a piece of text ends with a whole character
   */
  public record Piece(long offset, int length) {}

  /**
   * @param piece null for the whole file, which may then have at most 10 MiB
   */
  public record ReadFile(String workspaceId, String path, Piece piece) {
    public ReadFile(String workspaceId, String path) {
      this(workspaceId, path, null);
    }
  }

  /**
   * @param piece null for the whole content, which may then have at most 10 MiB
   */
  public record ReadIteration(String workspaceId, String path, long iteration, Piece piece) {
    public ReadIteration(String workspaceId, String path, long iteration) {
      this(workspaceId, path, iteration, null);
    }
  }

  /**
   * @param encoding {@code utf8} where the bytes are text: valid UTF-8 without NUL, and not so full
   *     of control characters that JSON more than doubles it; else {@code base64}
   * @param content the whole content, or the piece that was asked for
   * @param size bytes of the whole content
   * @param iteration the iteration that this content is; 0 when the file has none yet
   * @param hash of the whole content; empty in a piece of a file that has no iteration as it is now
   * @param nextOffset where the next piece begins; null at the end of the content
   */
  public record FileContent(
      String path,
      String encoding,
      String content,
      long size,
      long iteration,
      String hash,
      Long nextOffset) {
    public FileContent(
        String path, String encoding, String content, long size, long iteration, String hash) {
      this(path, encoding, content, size, iteration, hash, null);
    }
  }

  /**
   * Writes a file, whole, with the folders it needs; one that is there keeps its permissions.
   *
   * @param content Base64; at most 10 MiB of bytes
   * @param expected content hashes, of which one has to be that of the file that is replaced, or
   *     {@code *} for any file; null where there need be none
   */
  public record WriteFile(String workspaceId, String path, String content, List<String> expected) {
    public WriteFile(String workspaceId, String path, String content) {
      this(workspaceId, path, content, null);
    }
  }

  /**
   * Deletes a file; its iterations stay.
   *
   * @param expected as in {@link WriteFile}
   */
  public record DeleteFile(String workspaceId, String path, List<String> expected) {
    public DeleteFile(String workspaceId, String path) {
      this(workspaceId, path, null);
    }
  }

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

  /**
   * Both lists have the oldest first.
   *
   * @param skipped versions that the file had and that are not kept
   * @param excluded whether the path is not versioned: then only its present state is kept
   */
  public record FileHistory(
      String path,
      List<FileIteration> iterations,
      List<SkippedVersions> skipped,
      boolean excluded) {}

  /**
   * Versions that are not kept.
   *
   * @param after number of the iteration before them; 0 for none
   * @param reason {@code changed_again} before it could be read, {@code busy}, {@code too_large} or
   *     {@code too_often}
   * @param from when the first of them was, Unix milliseconds
   * @param to when the last of them was
   * @param size bytes of the last one
   */
  public record SkippedVersions(
      long after, String reason, long from, long to, long count, long size) {}

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
   *
   * @param node on whose host it is; the directory knows the host
   */
  public record SyncOpened(String node, int port, String path, String token) {
    @Override
    public String toString() {
      return "SyncOpened[%s:%d%s]".formatted(node, port, path);
    }
  }

  /** What can be done with many files of a workspace in one stream. */
  public enum Transfer {
    /** A tar of files comes in; what became of each is answered. */
    IMPORT,
    /** Path, size and time of each file are listed. */
    LIST,
    /** Paths come in; a tar of them goes out. */
    EXPORT
  }

  /** Asks for a way in for one stream. */
  public record OpenTransfer(String workspaceId, Transfer transfer) {}

  /** As {@link SyncOpened}, for one HTTP request. */
  public record TransferOpened(String node, int port, String path, String token) {
    @Override
    public String toString() {
      return "TransferOpened[%s:%d%s]".formatted(node, port, path);
    }
  }
}
