package dev.concert.chronicle.tree;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.iteration.History;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.recording.FileState;
import dev.concert.chronicle.recording.Recorder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Brings the journal up to what is on the disk: after a crash, and wherever files may have changed
 * without being reported. Reads only files that look different from what was recorded.
 */
public final class Reconciliation {
  private final TreeView tree;
  private final History history;
  private final Recorder recorder;

  public Reconciliation(TreeView tree, History history, Recorder recorder) {
    this.tree = tree;
    this.history = history;
    this.recorder = recorder;
  }

  /** Compares the whole tree. */
  public void run() {
    Map<String, LiveFile> missing = history.liveBelow("");
    tree.find("").ifPresent(root -> descend(root, missing));
    missing.keySet().forEach(recorder::removed);
  }

  /** Compares one path that is no folder. */
  public void look(String path) {
    Optional<TreeFile> file = tree.find(path);
    if (file.isPresent()) {
      record(file.get());
    } else if (history.live(path).isPresent()) {
      recorder.removed(path);
    }
  }

  private void descend(TreeFile folder, Map<String, LiveFile> missing) {
    for (TreeFile file : tree.children(folder.path())) {
      if (file.type() == TreeFile.Type.DIRECTORY) {
        descend(file, missing);
      } else {
        Optional<LiveFile> known = Optional.ofNullable(missing.remove(file.path()));
        if (known.filter(live -> isSame(live, file)).isEmpty()) {
          record(file);
        }
      }
    }
  }

  private static boolean isSame(LiveFile live, TreeFile file) {
    return live.signature().equals(file.signature()) && live.mode() == file.mode();
  }

  private void record(TreeFile file) {
    switch (file.type()) {
      case FILE -> tree.open(file.path()).ifPresent(content -> record(file, content));
      case SYMLINK ->
          tree.readLink(file.path())
              .map(target -> Content.of(target.getBytes(StandardCharsets.UTF_8)))
              .ifPresent(target -> written(file, Kind.SYMLINK, target));
      case DIRECTORY, OTHER -> {
        // Neither has content.
      }
    }
  }

  private void record(TreeFile file, OpenContent content) {
    try (content) {
      written(file, Kind.FILE, content.content());
    }
  }

  private void written(TreeFile file, Kind kind, Content content) {
    // Read now: nothing keeps the file as it is until later.
    recorder.written(
        new FileState(file.path(), kind, file.mode(), false, file.signature()), content::read);
  }
}
