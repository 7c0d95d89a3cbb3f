package dev.concert.chronicle.tree;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.recording.Recorder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports changes of the tree to its recorder, of one path one at a time. Thread-safe. */
final class ChangeNotes {
  private static final Logger LOG = LoggerFactory.getLogger(ChangeNotes.class);

  private final Recorder recorder;
  private final PathLocks locks = new PathLocks();

  ChangeNotes(Recorder recorder) {
    this.recorder = recorder;
  }

  /** Records an open file where it changed; when that fails it counts as changed still. */
  void record(String path, OpenFile file) {
    if (file.unrecorded() == OpenFile.Unrecorded.NOTHING
        || !file.isReadable()
        || path.isEmpty()
        || Orphans.isOrphan(path)) {
      return;
    }
    locks.with(
        path,
        () -> {
          file.recording();
          try {
            FileStatus status = Directory.statusOf(file.descriptor());
            written(path, Kind.FILE, status, PosixTreeView.of(file.descriptor()));
          } catch (RuntimeException failure) {
            file.changed();
            throw failure;
          }
        });
  }

  void written(String path, Kind kind, FileStatus status, Content content) {
    recorder.written(path, kind, status.permissions(), PosixTreeView.signature(status), content);
  }

  /** The content of an open file is about to change. */
  void changing(OpenFile file) {
    recorder.changing(file.inode());
  }

  /** The content of a file is about to change. */
  void changing(FileStatus file) {
    recorder.changing(file.inode());
  }

  /** A path is about to be another file, or none, or another path. */
  void settle(String path) {
    recorder.settle(path);
  }

  /**
   * A path is about to be gone. Removing must be possible on a full disk, so what cannot be stored
   * is given up.
   */
  void settleOrGiveUp(String path) {
    try {
      recorder.settle(path);
    } catch (RuntimeException failure) {
      LOG.error("{} is removed before its last content could be stored", path, failure);
    }
  }

  void modeChanged(String path, int mode) {
    recorder.modeChanged(path, mode);
  }

  void removed(String path) {
    recorder.removed(path);
  }

  void renamed(String from, String to) {
    recorder.renamed(from, to);
  }
}
