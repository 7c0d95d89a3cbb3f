package dev.concert.chronicle.workspace;

import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.tree.TreeFile;
import dev.concert.chronicle.tree.TreeView;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.WorkspaceMessages.FileEntry;
import dev.concert.workspace.WorkspaceMessages.FileList;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects the entries of a folder, at most 10,000; sockets, pipes and devices are left out. */
final class Listing {
  private static final int MAX_ENTRIES = 10_000;
  private static final int MAX_DEPTH = 10;

  private final TreeView view;
  private final Map<String, LiveFile> recorded;
  private final List<FileEntry> entries = new ArrayList<>();

  private Listing(TreeView view, Map<String, LiveFile> recorded) {
    this.view = view;
    this.recorded = recorded;
  }

  static FileList of(Workspace workspace, String path, int depth) {
    if (depth < 1 || depth > MAX_DEPTH) {
      throw new ConcertException(ErrorCode.INVALID_MESSAGE, "depth has to be 1 to 10.");
    }
    TreeFile folder =
        workspace
            .view()
            .find(path)
            .filter(file -> file.type() == TreeFile.Type.DIRECTORY)
            .orElseThrow(
                () ->
                    new ConcertException(
                        ErrorCode.FILE_NOT_FOUND, "There is no folder " + path + "."));
    Listing listing = new Listing(workspace.view(), workspace.journal().history().liveBelow(path));
    listing.collect(folder, depth);
    return new FileList(path, List.copyOf(listing.entries));
  }

  private void collect(TreeFile folder, int depth) {
    for (TreeFile file : view.children(folder.path())) {
      if (entries.size() == MAX_ENTRIES) {
        return;
      }
      switch (file.type()) {
        case FILE -> add(file, "file");
        case SYMLINK -> add(file, "symlink");
        case DIRECTORY -> {
          add(file, "directory");
          if (depth > 1) {
            collect(file, depth - 1);
          }
        }
        case OTHER -> {
          // The wire has no type for it.
        }
      }
    }
  }

  private void add(TreeFile file, String type) {
    LiveFile live = recorded.get(file.path());
    entries.add(
        new FileEntry(
            file.path(),
            type,
            file.signature().size(),
            file.signature().modifiedNanos() / 1_000_000,
            live == null ? 0 : live.iteration()));
  }
}
