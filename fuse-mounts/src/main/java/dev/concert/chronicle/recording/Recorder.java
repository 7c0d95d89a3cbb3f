package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Content;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/**
 * Is told what happened to the files of a workspace.
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

  /** The path has new content. */
  void written(FileState file, Content content);

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

  /** Whether there is a file at all that has still to be read. */
  default boolean readsLater() {
    return false;
  }

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
