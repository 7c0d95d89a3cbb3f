package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.recording.changelog.FileState;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * Is notified of every change of the files of a workspace.
 *
 * <p>When a method returns, the change is not forgotten even if the process is killed; content and
 * iteration may come to the store and the journal later. Paths are relative to the root. The caller
 * sees to it that one path is reported by one thread at a time, in the order in which it happened.
 * A failure is thrown.
 */
public interface Recorder {
  /**
   * To be called before content is reported, by one who holds nothing that others wait for: returns
   * when there is not too much to be entered or read.
   */
  default void prepare() {}

  /**
   * The path has new content.
   *
   * @return empty where it is recorded, or never will be; else the time after which the path has to
   *     be reported again
   */
  Optional<Duration> written(FileState file, Content content);

  /**
   * The path has other permissions.
   *
   * @param shared whether the file has other names
   */
  void modeChanged(String path, int mode, boolean shared);

  /** The path is gone. */
  void removed(String path);

  /** A file or a folder has another name. */
  void renamed(String from, String to);

  /** Each of two files or folders has the name of the other. */
  void exchanged(String one, String other);

  /**
   * Returns when what was reported before is entered.
   *
   * @throws RuntimeException where that takes too long
   */
  default void settle() {}

  /** Whether there is a file at all that has still to be read. */
  default boolean readsLater() {
    return false;
  }

  /**
   * Bytes of a file are about to change, after {@link #changing(long)} returned and while the file
   * is not recorded.
   *
   * @param from first byte that may change
   * @param to the byte after the last one
   * @param present what the file looks like before
   */
  default void changing(long inode, long from, long to, Supplier<FileStatus> present) {}

  /**
   * The content of a file is about to change: returns when it has not to be read any more.
   *
   * @param inode number of the file
   */
  default void changing(long inode) {}

  /**
   * A file is about to lose a name. Where it has still to be read, {@code keeping} is given a name
   * for it in the folder for orphans.
   *
   * @param keeping gives the file that name; answers 0, or a negative errno
   * @return what {@code keeping} answered; empty where the file need not be kept
   */
  default OptionalInt losing(long inode, ToIntFunction<String> keeping) {
    return OptionalInt.empty();
  }

  /** Runs quick work after a while, on another thread. */
  default void later(Duration delay, Runnable work) {}

  /** What was reported before survives the death of the machine too. */
  default void sync() {}
}
