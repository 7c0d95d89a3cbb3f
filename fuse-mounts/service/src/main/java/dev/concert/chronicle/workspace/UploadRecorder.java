package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.recording.Recorder;
import dev.concert.chronicle.recording.changelog.FileState;
import dev.concert.chronicle.view.TreeFile;
import dev.concert.chronicle.view.TreeView;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;

/**
 * A recorder to whom a file that comes in is new content of its path, and not a file that had
 * another name. Thread-safe.
 *
 * @param again receives a path that could not be recorded now, and after how long it can be
 */
record UploadRecorder(Recorder recorder, TreeView view, BiConsumer<String, Duration> again)
    implements Recorder {

  @Override
  public void renamed(String from, String to) {
    if (UploadNames.isName(from)) {
      view.find(to).ifPresent(this::arrived);
    } else {
      recorder.renamed(from, to);
    }
  }

  @Override
  public void exchanged(String one, String other) {
    recorder.exchanged(one, other);
  }

  private void arrived(TreeFile file) {
    switch (file.type()) {
      case FILE ->
          view.open(file.path())
              .ifPresent(
                  open -> {
                    try (OpenContent content = open) {
                      written(file, Kind.FILE, content.content());
                    }
                  });
      case SYMLINK ->
          view.readLink(file.path())
              .map(Content::of)
              .ifPresent(target -> written(file, Kind.SYMLINK, target));
      case DIRECTORY, OTHER -> {
        // Nothing of that comes in.
      }
    }
  }

  private void written(TreeFile file, Kind kind, Content content) {
    recorder
        .written(new FileState(file.path(), kind, file.mode(), false, file.signature()), content)
        .ifPresent(delay -> again.accept(file.path(), delay));
  }

  @Override
  public void prepare() {
    recorder.prepare();
  }

  @Override
  public void settle() {
    recorder.settle();
  }

  @Override
  public Optional<Duration> written(FileState file, Content content) {
    return recorder.written(file, content);
  }

  @Override
  public void modeChanged(String path, int mode, boolean shared) {
    recorder.modeChanged(path, mode, shared);
  }

  @Override
  public void removed(String path) {
    recorder.removed(path);
  }

  @Override
  public boolean readsLater() {
    return recorder.readsLater();
  }

  @Override
  public void changing(long inode) {
    recorder.changing(inode);
  }

  @Override
  public void changing(long inode, long from, long to, Supplier<FileStatus> present) {
    recorder.changing(inode, from, to, present);
  }

  @Override
  public OptionalInt losing(long inode, ToIntFunction<String> keeping) {
    return recorder.losing(inode, keeping);
  }

  @Override
  public void later(Duration delay, Runnable work) {
    recorder.later(delay, work);
  }

  @Override
  public void sync() {
    recorder.sync();
  }
}
