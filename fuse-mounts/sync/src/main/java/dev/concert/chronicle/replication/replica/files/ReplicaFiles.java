package dev.concert.chronicle.replication.replica.files;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The files of a replica. Paths are relative, with {@code /} between their parts. Folders come and
 * go with the files in them and are not named, but for {@link #folders empty ones}. Every method
 * blocks and is called by one thread at a time, but {@link #open}, which another thread may call
 * beside it. What fails for one path is an {@link InaccessibleException}: the others go on. A
 * failure of the files as a whole is thrown as {@link java.io.UncheckedIOException}; the replica
 * tries again later.
 */
public interface ReplicaFiles {

  /** Whether the path takes part; of one that does not nothing is sent and nothing is taken. */
  default boolean accepts(String path) {
    return true;
  }

  /**
   * Whether a symlink may be made here. One that may not is taken for a path that the workspace
   * does not have.
   */
  default boolean acceptsTarget(String path, String target) {
    return true;
  }

  /** Its empty folders, where they take part. */
  default ReplicaFolders folders() {
    return ReplicaFolders.NONE;
  }

  /**
   * Is told, in a look at everything, of how many files nothing is left, before that counts as
   * deletions. Throws where that cannot be meant; then nothing was deleted.
   *
   * @param missing files that were there at the last look and are not now
   * @param known files that were there
   */
  default void missing(long missing, long known) {}

  /** A regular file or symlink; empty if there is none, or something else. */
  Optional<ReplicaFile> find(String path);

  /**
   * Shows every file that takes part, in any order. Throws where the files as a whole are out of
   * reach (an unmounted disk): what is not shown counts as deleted.
   */
  void walk(Consumer<ReplicaFile> visitor);

  /**
   * The same, and receives what takes no part although no rule leaves it out, with the reason: a
   * pipe, a symlink that leads out, a name that cannot be sent. What is below a folder that cannot
   * be read is left out with it.
   */
  default void walk(Consumer<ReplicaFile> visitor, BiConsumer<String, String> leftOut) {
    walk(visitor);
  }

  /** How much more its disk can hold. Bytes. */
  default long room() {
    return Long.MAX_VALUE;
  }

  /** The content of a file, the target of a symlink; empty if there is none. */
  Optional<OpenContent> open(String path);

  /**
   * Replaces or makes a file, whole: others see the old one or the new one. Makes the folders it
   * needs.
   *
   * @param expected how the file looked; empty where there was none
   * @param mode permission bits; a symlink has none
   * @return how it looks now; empty, with nothing changed, where it no longer looked as expected
   * @throws ObstructedException where something that is no file, or a file in place of a folder, is
   *     in the way
   */
  Optional<ReplicaFile> put(
      String path, Optional<ReplicaFile> expected, Kind kind, int mode, OpenContent content);

  /**
   * Deletes a file. The folders above it stay; see {@link ReplicaFolders#remove}.
   *
   * @return whether it did; false, with nothing changed, where it no longer looked as expected
   */
  boolean delete(String path, ReplicaFile expected);

  /**
   * Gives what is at the path, file or folder, another name in the same folder. Does nothing where
   * there is nothing.
   *
   * @param to a path that nothing has
   */
  void moveAside(String path, String to);

  /**
   * The disk does not give or take this path for now: no room, no permission, the name is too long.
   */
  final class InaccessibleException extends RuntimeException {
    private final String path;
    private final String reason;

    /**
     * @param reason for a person, without the path
     */
    public InaccessibleException(String path, String reason, Throwable cause) {
      super(path + ": " + reason, cause, false, false);
      this.path = path;
      this.reason = reason;
    }

    public String path() {
      return path;
    }

    public String reason() {
      return reason;
    }
  }

  /** Something is in the way of a file. */
  final class ObstructedException extends RuntimeException {
    private final String obstacle;

    /**
     * @param obstacle its path
     */
    public ObstructedException(String obstacle) {
      super("In the way: " + obstacle, null, false, false);
      this.obstacle = obstacle;
    }

    public String obstacle() {
      return obstacle;
    }
  }
}
