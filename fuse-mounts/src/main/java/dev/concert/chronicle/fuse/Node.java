package dev.concert.chronicle.fuse;

import dev.concert.chronicle.posix.StatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file or a directory that the kernel knows by a number. Belongs to the {@link NodeTable}, whose
 * lock guards it.
 */
final class Node {
  private static final int DIRECTORY = 0040000;

  /**
   * Which file it is on the disk.
   *
   * @param type its bits of {@code st_mode}
   */
  record Identity(long device, long inode, int type) {
    private static final int TYPE = 0170000;

    /** Empty for what is on no disk; that is told apart by its name only. */
    static Optional<Identity> of(StatBuffer status) {
      return status.device() == 0
          ? Optional.empty()
          : Optional.of(new Identity(status.device(), status.inode(), status.mode() & TYPE));
    }
  }

  /** One of the names that a file has. */
  record Name(Node folder, String text) {}

  private final long id;
  private final Optional<Identity> identity;
  private final Map<String, Node> children = new HashMap<>(0);
  private final List<Name> names = new ArrayList<>(1);
  private final List<Long> handles = new ArrayList<>(0);
  private OptionalLong lastHandle = OptionalLong.empty();
  private long lookups;

  /** Goes up when a name in this directory is taken away. */
  private int changes;

  Node(long id, Optional<Identity> identity) {
    this.id = id;
    this.identity = identity;
  }

  long id() {
    return id;
  }

  Optional<Identity> identity() {
    return identity;
  }

  Map<String, Node> children() {
    return children;
  }

  /** That are known; the last one is the one that was seen last. */
  List<Name> names() {
    return names;
  }

  /** By which it is open. */
  List<Long> handles() {
    return handles;
  }

  boolean isDirectory() {
    return identity.filter(file -> file.type() == DIRECTORY).isPresent();
  }

  /** By which a removed directory is still asked when nobody has it open. */
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

  /** The kernel was told the number once more. */
  void lookedUp() {
    lookups++;
  }

  void forgotten(long times) {
    lookups -= times;
  }

  /** Whether it is there for sure, so that its inode belongs to no other file. */
  boolean isAlive() {
    return !names.isEmpty() || !handles.isEmpty() || lastHandle.isPresent();
  }

  boolean isUnused() {
    return lookups <= 0 && children.isEmpty() && handles.isEmpty();
  }
}
