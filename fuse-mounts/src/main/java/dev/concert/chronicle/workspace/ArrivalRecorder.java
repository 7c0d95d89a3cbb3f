package dev.concert.chronicle.workspace;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.recording.FileState;
import dev.concert.chronicle.recording.Recorder;
import dev.concert.chronicle.tree.OpenContent;
import dev.concert.chronicle.tree.TreeFile;
import dev.concert.chronicle.tree.TreeView;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/**
 * A recorder to whom a file that comes in is new content of its path, and not a file that had
 * another name. Thread-safe.
 */
record ArrivalRecorder(Recorder recorder, TreeView view) implements Recorder {

  @Override
  public void renamed(String from, String to) {
    if (Incoming.isName(from)) {
      view.find(to).ifPresent(this::arrived);
    } else {
      recorder.renamed(from, to);
    }
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
              .map(target -> Content.of(target.getBytes(StandardCharsets.UTF_8)))
              .ifPresent(target -> written(file, Kind.SYMLINK, target));
      case DIRECTORY, OTHER -> {
        // Nothing of that comes in.
      }
    }
  }

  private void written(TreeFile file, Kind kind, Content content) {
    recorder.written(
        new FileState(file.path(), kind, file.mode(), false, file.signature()), content);
  }

  @Override
  public void prepare() {
    recorder.prepare();
  }

  @Override
  public void written(FileState file, Content content) {
    recorder.written(file, content);
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
