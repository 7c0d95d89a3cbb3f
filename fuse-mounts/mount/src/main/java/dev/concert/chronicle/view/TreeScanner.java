package dev.concert.chronicle.view;

import dev.concert.chronicle.content.Content;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.journal.History;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.recording.Recorder;
import dev.concert.chronicle.recording.changelog.FileState;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * Compares the tree with the history and records the differences: after a crash, and whenever files
 * may have changed without a report. Reads only files whose signature differs.
 */
public final class TreeScanner {
  private static final FileStatus UNKNOWN = new FileStatus(0, 0, 0, 0, 0, 0, 0, 0, 0);

  private final TreeView tree;
  private final History history;
  private final Recorder recorder;
  private final boolean lasting;
  private final BiConsumer<String, Duration> again;

  private TreeScanner(
      TreeView tree,
      History history,
      Recorder recorder,
      boolean lasting,
      BiConsumer<String, Duration> again) {
    this.tree = tree;
    this.history = history;
    this.recorder = recorder;
    this.lasting = lasting;
    this.again = again;
  }

  /** For a tree that may change at any time: a content is read when it is found. */
  public TreeScanner(TreeView tree, History history, Recorder recorder) {
    this(tree, history, recorder, false, (path, delay) -> {});
  }

  /**
   * For a tree whose every change is reported before it happens: a content may be read later.
   *
   * @param again receives a path that could not be recorded now, and after how long it can be
   */
  public static TreeScanner ofMounted(
      TreeView tree, History history, Recorder recorder, BiConsumer<String, Duration> again) {
    return new TreeScanner(tree, history, recorder, true, again);
  }

  /** Compares the whole tree. */
  public void run() {
    Map<String, LiveFile> missing = history.liveBelow("");
    tree.find("").ifPresent(root -> descend(root, missing));
    missing.keySet().forEach(recorder::removed);
  }

  /** Compares one path that is not a folder. */
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
              .map(Content::of)
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
    long inode = file.signature().inode();
    if (lasting && inode != 0) {
      // Nobody saw which of its bytes changed.
      recorder.changing(inode, 0, Long.MAX_VALUE, () -> UNKNOWN);
    }
    recorder
        .written(
            new FileState(file.path(), kind, file.mode(), false, file.signature()),
            lasting ? content : new ReadNow(content))
        .ifPresent(delay -> again.accept(file.path(), delay));
  }

  /** Content that cannot be kept to be read later. */
  private record ReadNow(Content content) implements Content {
    @Override
    public int read(byte[] into, long position) {
      return content.read(into, position);
    }

    @Override
    public long zerosUntil(long position) {
      return content.zerosUntil(position);
    }
  }
}
