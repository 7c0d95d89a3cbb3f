package dev.concert.chronicle.tree;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.Directory;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.recording.FileState;
import dev.concert.chronicle.recording.Recorder;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Reports changes of the tree to its recorder, of one path one at a time and in the order in which
 * they happen. Thread-safe.
 */
final class ChangeNotes {
  private final Recorder recorder;
  private final Missed missed;
  private final TreeOrder order = new TreeOrder();
  private final ContentGates gates = new ContentGates();

  /**
   * @param reconciliation compares the whole tree with what was recorded
   */
  ChangeNotes(Recorder recorder, Runnable reconciliation) {
    this.recorder = recorder;
    this.missed = new Missed(recorder, () -> order.alone(reconciliation));
  }

  Recorder recorder() {
    return recorder;
  }

  /** Records an open file where it changed; when that fails it counts as changed still. */
  void record(OpenFile file) {
    if (file.unrecorded() == OpenFile.Unrecorded.NOTHING || !file.isReadable()) {
      return;
    }
    recorder.prepare();
    String path = file.path();
    int moved =
        order.along(
            path,
            () -> {
              if (!file.path().equals(path)) {
                return 1;
              }
              if (!path.isEmpty()) {
                content(path, file);
              }
              return 0;
            });
    if (moved != 0) {
      record(file);
    }
  }

  private void content(String path, OpenFile file) {
    file.recording();
    try {
      gates.record(
          file.inode(),
          () -> {
            FileStatus status = Directory.statusOf(file.descriptor());
            written(path, Kind.FILE, status, PosixTreeView.of(file.descriptor()));
          });
    } catch (RuntimeException failure) {
      file.changed();
      missed.add();
      throw failure;
    }
  }

  /** What happened cannot be refused any more: it is reported now, or found later. */
  void report(Runnable reporting) {
    try {
      reporting.run();
    } catch (RuntimeException failure) {
      missed.add(failure);
    }
  }

  private void written(String path, Kind kind, FileStatus status, Content content) {
    boolean shared = kind == Kind.FILE && status.links() > 1;
    recorder.written(
        new FileState(path, kind, status.permissions(), shared, PosixTreeView.signature(status)),
        content);
  }

  /**
   * Makes something whose content is known.
   *
   * @param making answers 0 or a negative errno
   * @param made what is there then; empty where it needs no record
   */
  int making(
      String path,
      Kind kind,
      Content content,
      IntSupplier making,
      Supplier<Optional<FileStatus>> made) {
    return order.along(
        path,
        () -> {
          int result = making.getAsInt();
          if (result == 0) {
            made.get().ifPresent(status -> report(() -> written(path, kind, status, content)));
          }
          return result;
        });
  }

  /** Changes the permissions of a file. */
  int changingMode(String path, IntSupplier changing, Supplier<Optional<FileStatus>> changed) {
    return order.along(
        path,
        () -> {
          int result = changing.getAsInt();
          if (result == 0) {
            changed
                .get()
                .filter(FileStatus::isRegular)
                .ifPresent(
                    status ->
                        report(
                            () ->
                                recorder.modeChanged(
                                    path, status.permissions(), status.links() > 1)));
          }
          return result;
        });
  }

  /** Works on a path while nobody else does. */
  int along(String path, IntSupplier work) {
    return order.along(path, work);
  }

  int removing(String path, IntSupplier removing) {
    return order.along(
        path,
        () -> {
          int result = removing.getAsInt();
          if (result == 0) {
            removed(path);
          }
          return result;
        });
  }

  /** Does what changes names; nobody else records meanwhile. */
  int renaming(IntSupplier renaming) {
    return order.alone(renaming);
  }

  /** Does what must not see a name change meanwhile. */
  long opening(Supplier<Long> opening) {
    return order.amongFixedNames(opening);
  }

  /** So much changed that the tree is compared with what was recorded, shortly. */
  void compareSoon() {
    missed.add();
  }

  void removed(String path) {
    report(() -> recorder.removed(path));
  }

  void renamed(String from, String to) {
    report(() -> recorder.renamed(from, to));
  }

  /**
   * Changes the content of an open file.
   *
   * @param change answers 0 or more, or a negative errno
   */
  int changing(OpenFile file, IntSupplier change) {
    if (recorder.readsLater()) {
      recorder.changing(file.inode());
    }
    return gates.change(
        file.inode(),
        () -> {
          // Promised since the first look.
          if (recorder.readsLater()) {
            recorder.changing(file.inode());
          }
          return change.getAsInt();
        });
  }

  /** What was missed is not looked for any more. */
  void close() {
    missed.close();
  }

  void sync() {
    recorder.sync();
  }
}
