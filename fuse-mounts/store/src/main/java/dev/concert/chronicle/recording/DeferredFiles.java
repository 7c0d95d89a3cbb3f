package dev.concert.chronicle.recording;

import dev.concert.chronicle.recording.changelog.FileState;
import java.util.Optional;

/**
 * Where files lie whose content was promised and that have lost their name, or whose process was
 * killed.
 */
public interface DeferredFiles {
  /**
   * Opens a file that a killed process had promised.
   *
   * @param name which it has if it lost one of its own
   * @param file as it was then; it may have another path now
   * @return empty where it is gone
   */
  Optional<LastingContent.Kept> find(String name, FileState file);

  /** Deletes such a name, where it is. */
  void forget(String name);
}
