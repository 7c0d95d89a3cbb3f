package dev.concert.chronicle.recording;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;

/**
 * Is told what happened to the files of a workspace.
 *
 * <p>This is the seam at which versioning can move off the write path: what must be durable when a
 * method returns is only that the change is not forgotten. Paths are relative to the root. The
 * caller sees to it that one path is reported by one thread at a time. A failure is thrown.
 */
public interface Recorder {
  /**
   * The path has new content.
   *
   * @param signature taken before the content is read, so that a later change shows
   */
  void written(String path, Kind kind, int mode, Signature signature, Content content);

  /** The path is gone. */
  void removed(String path);

  /** A file or a folder has another name. */
  void renamed(String from, String to);
}
