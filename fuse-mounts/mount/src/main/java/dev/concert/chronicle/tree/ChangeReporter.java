package dev.concert.chronicle.tree;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.recording.Recorder;
import dev.concert.chronicle.recording.changelog.FileState;
import dev.concert.chronicle.view.PosixTreeView;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * Reports changes of the tree to its recorder: those of a path one at a time, in the order in which
 * they happen. Thread-safe.
 */
final class ChangeReporter {
  /** After this, what was renamed before it was recorded is looked at. */
  private static final Duration SOON = Duration.ofSeconds(1);

  private final Recorder recorder;
  private final RescanQueue rescans;
  private final NamespaceLock names = new NamespaceLock();
  private final InodeLocks inodes = new InodeLocks();

  /** Paths that are to be recorded after a while. */
  private final Set<String> waiting = ConcurrentHashMap.newKeySet();

  private volatile Consumer<String> recordAgain = path -> {};

  /**
   * @param reconciliation compares the whole tree with the records
   */
  ChangeReporter(Recorder recorder, Runnable reconciliation) {
    this.recorder = recorder;
    this.rescans =
        new RescanQueue(
            recorder,
            () -> {
              // Before anybody has to wait for the names.
              recorder.settle();
              names.alone(reconciliation);
            });
  }

  /** Sets what records the present content of a path that was not recorded. */
  void recordAgain(Consumer<String> action) {
    recordAgain = action;
  }

  Recorder recorder() {
    return recorder;
  }

  /** Records an open file if it changed; if that fails, it still counts as changed. */
  void record(OpenFile file) {
    if (file.unrecorded() == OpenFile.Unrecorded.NOTHING || !file.isReadable()) {
      return;
    }
    recorder.prepare();
    String path = file.path();
    int moved =
        names.along(
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
      inodes.record(
          file.inode(),
          () -> {
            FileStatus status = OpenDirectory.statusOf(file.descriptor());
            written(path, Kind.FILE, status, PosixTreeView.of(file.descriptor()))
                .ifPresent(delay -> again(path, delay));
          });
    } catch (RuntimeException failure) {
      file.changed();
      rescans.add();
      throw failure;
    }
  }

  /** The path was not recorded and is looked at after a while. */
  void again(String path, Duration delay) {
    if (waiting.add(path)) {
      recorder.later(
          delay,
          () -> {
            waiting.remove(path);
            report(() -> recordAgain.accept(path));
          });
    }
  }

  /**
   * Reports a change that is done and cannot fail any more. If the report fails, a later comparison
   * finds the change.
   */
  void report(Runnable reporting) {
    try {
      reporting.run();
    } catch (RuntimeException failure) {
      rescans.add(failure);
    }
  }

  /** A symlink is there. */
  void symlink(String path, FileStatus status, byte[] target) {
    written(path, Kind.SYMLINK, status, Content.of(target));
  }

  private Optional<Duration> written(String path, Kind kind, FileStatus status, Content content) {
    boolean shared = kind == Kind.FILE && status.links() > 1;
    return recorder.written(
        new FileState(path, kind, status.permissions(), shared, PosixTreeView.signature(status)),
        content);
  }

  /**
   * Creates a file whose content is known.
   *
   * @param making returns 0 or a negative errno
   * @param made what is there then; empty where it needs no record
   */
  int making(
      String path,
      Kind kind,
      Content content,
      IntSupplier making,
      Supplier<Optional<FileStatus>> made) {
    return names.along(
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
    return names.along(
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

  /** Runs the work with the lock of a path. */
  int along(String path, IntSupplier work) {
    return names.along(path, work);
  }

  int removing(String path, IntSupplier removing) {
    return names.along(
        path,
        () -> {
          int result = removing.getAsInt();
          if (result == 0) {
            removed(path);
          }
          return result;
        });
  }

  /** Runs a rename; nothing is recorded meanwhile. */
  int renaming(IntSupplier renaming) {
    return names.alone(renaming);
  }

  /**
   * The same where a file is as it has to be. Nothing is written to the file meanwhile.
   *
   * @param check returns 0, or a negative errno that is the result then
   */
  int renamingIf(Signature file, IntSupplier check, IntSupplier renaming) {
    return names.alone(
        () ->
            inodes.alone(
                file.inode(),
                () -> {
                  int refused = check.getAsInt();
                  return refused == 0 ? renaming.getAsInt() : refused;
                }));
  }

  /** Runs the work without renames. */
  long opening(Supplier<Long> opening) {
    return names.amongFixedNames(opening);
  }

  /** Compares the tree with the records soon. */
  void compareSoon() {
    rescans.add();
  }

  void removed(String path) {
    report(() -> recorder.removed(path));
  }

  void renamed(String from, String to) {
    report(() -> recorder.renamed(from, to));
    followWaiting(from, to);
  }

  void exchanged(String one, String other) {
    report(() -> recorder.exchanged(one, other));
    followWaiting(one, other);
    followWaiting(other, one);
  }

  /** Who waits to be recorded under an old name is not found there any more. */
  private void followWaiting(String from, String to) {
    for (String path : waiting) {
      if (path.equals(from) || path.startsWith(from + "/")) {
        again(to + path.substring(from.length()), SOON);
      }
    }
  }

  /**
   * Changes bytes of an open file.
   *
   * @param from first byte that may change
   * @param to the byte after the last one; {@link Long#MAX_VALUE} for all that follow
   * @param change returns 0 or more, or a negative errno
   */
  int changing(OpenFile file, long from, long to, IntSupplier change) {
    long inode = file.inode();
    if (recorder.readsLater()) {
      recorder.changing(inode);
    }
    return inodes.change(
        inode,
        () -> {
          // A read was deferred since the first check.
          if (recorder.readsLater()) {
            recorder.changing(inode);
          }
          recorder.changing(inode, from, to, () -> OpenDirectory.statusOf(file.descriptor()));
          return change.getAsInt();
        });
  }

  /** Ends the comparisons. */
  void close() {
    rescans.close();
  }

  void sync() {
    recorder.sync();
  }
}
