package dev.concert.chronicle.tree;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.recording.Recorder;

/** Reports changes of the tree to its recorder, of one path one at a time. Thread-safe. */
final class ChangeNotes {
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

  void removed(String path) {
    recorder.removed(path);
  }

  void renamed(String from, String to) {
    recorder.renamed(from, to);
  }
}
