package dev.concert.chronicle.files;

import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.view.TreeFile;
import dev.concert.chronicle.view.TreeView;
import dev.concert.chronicle.workspace.Workspace;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.workspace.WorkspaceMessages.FileEntry;
import dev.concert.workspace.WorkspaceMessages.FileList;
import dev.concert.workspace.WorkspaceMessages.ListFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Collects one page of the entries of a folder. Sockets, pipes and devices are left out. A page has
 * at most 10,000 entries, and paths of at most 512 Ki characters, so that no client is cut off for
 * reading it.
 */
final class FolderListing {
  private static final int MAX_ENTRIES = 10_000;
  private static final int MAX_PATHS = 512 << 10;
  private static final int MAX_DEPTH = 10;

  private final TreeView view;
  private final Map<String, LiveFile> recorded;
  private final ListingCursor after;
  private final List<FileEntry> entries = new ArrayList<>();
  private int characters;
  private boolean hasMore;

  private FolderListing(TreeView view, Map<String, LiveFile> recorded, ListingCursor after) {
    this.view = view;
    this.recorded = recorded;
    this.after = after;
  }

  static FileList of(Workspace workspace, String path, ListFiles request) {
    int depth = request.depth();
    ListingCursor after = ListingCursor.parse(request.cursor());
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
    FolderListing listing =
        new FolderListing(workspace.view(), workspace.journal().history().liveBelow(path), after);
    listing.collect(folder, depth);
    return new FileList(path, List.copyOf(listing.entries), listing.nextCursor());
  }

  private String nextCursor() {
    return hasMore ? new ListingCursor(entries.getLast().path()).wire() : null;
  }

  private void collect(TreeFile folder, int depth) {
    for (TreeFile file : view.children(folder.path())) {
      if (hasMore) {
        return;
      }
      switch (file.type()) {
        case FILE -> add(file, "file");
        case SYMLINK -> add(file, "symlink");
        case DIRECTORY -> {
          add(file, "directory");
          if (depth > 1 && !hasMore && !after.isAfterAllOf(file.path())) {
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
    if (after.isAtOrAfter(file.path())) {
      return;
    }
    characters += file.path().length();
    if (entries.size() == MAX_ENTRIES || !entries.isEmpty() && characters > MAX_PATHS) {
      hasMore = true;
      return;
    }
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
