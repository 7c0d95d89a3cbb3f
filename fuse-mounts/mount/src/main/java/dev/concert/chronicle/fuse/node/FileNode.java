package dev.concert.chronicle.fuse.node;

import dev.concert.chronicle.posix.StatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file or directory that the kernel knows by a number. Guarded by the lock of its {@link
 * NodeTable}.
 */
public final class FileNode {
  private static final int DIRECTORY = 0040000;

  /**
   * The identity of a file on the disk.
   *
   * @param type its bits of {@code st_mode}
   */
  record Identity(long device, long inode, int type) {
    private static final int TYPE = 0170000;

    /** Empty for a file that is on no disk; such files differ by their names only. */
    static Optional<Identity> of(StatBuffer status) {
      return status.device() == 0
          ? Optional.empty()
          : Optional.of(new Identity(status.device(), status.inode(), status.mode() & TYPE));
    }
  }

  /** One of the names of a file. */
  record Name(FileNode folder, String text) {}

  private final long id;
  private final Optional<Identity> identity;
  private final Map<String, FileNode> children = new HashMap<>(0);
  private final List<Name> names = new ArrayList<>(1);
  private final List<Long> handles = new ArrayList<>(0);
  private OptionalLong lastHandle = OptionalLong.empty();
  private long lookups;

  /** Grows when a name is removed from this directory. */
  private int changes;

  FileNode(long id, Optional<Identity> identity) {
    this.id = id;
    this.identity = identity;
  }

  public long id() {
    return id;
  }

  Optional<Identity> identity() {
    return identity;
  }

  Map<String, FileNode> children() {
    return children;
  }

  /** The known names; the last one was looked up last. */
  List<Name> names() {
    return names;
  }

  /** The handles by which it is open. */
  List<Long> handles() {
    return handles;
  }

  public boolean isDirectory() {
    return identity.filter(file -> file.type() == DIRECTORY).isPresent();
  }

  /** The handle by which a removed directory answers when no process has it open. */
  OptionalLong lastHandle() {
    return lastHandle;
  }

  void lastHandle(OptionalLong handle) {
    lastHandle = handle;
  }

  int changes() {
    return changes;
  }

  void changed() {
    changes++;
  }

  /** The kernel looked the node up once more. */
  void lookedUp() {
    lookups++;
  }

  void forgotten(long times) {
    lookups -= times;
  }

  /** Whether it certainly exists, so that its inode belongs to no other file. */
  boolean isAlive() {
    return !names.isEmpty() || !handles.isEmpty() || lastHandle.isPresent();
  }

  boolean isUnused() {
    return lookups <= 0 && children.isEmpty() && handles.isEmpty();
  }
}
