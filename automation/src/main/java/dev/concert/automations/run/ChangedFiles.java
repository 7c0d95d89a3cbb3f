package dev.concert.automations.run;

import dev.concert.workspace.WorkspaceMessages.FileChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of the files of a workspace since a moment. Pure. */
final class ChangedFiles {
  private final Map<String, ChangedFile> files = new LinkedHashMap<>();

  /**
   * One file.
   *
   * @param before iteration that it was then; 0 where it was not there, or has another name now
   * @param hash of its content then; empty where that is not known yet
   * @param after iteration that it is now; 0 where it is gone
   */
  record ChangedFile(String path, boolean wasThere, long before, String hash, long after) {
    boolean isGone() {
      return after == 0;
    }

    private ChangedFile now(long iteration) {
      return new ChangedFile(path, wasThere, before, hash, iteration);
    }

    String change() {
      return isGone() ? "deleted" : wasThere ? "changed" : "added";
    }
  }

  private ChangedFiles() {}

  /**
   * @param changes all since that moment, the oldest first
   */
  static List<ChangedFile> of(List<FileChange> changes) {
    ChangedFiles found = new ChangedFiles();
    changes.forEach(found::add);
    List<ChangedFile> all = new ArrayList<>(found.files.values());
    // Made and removed again.
    all.removeIf(file -> file.isGone() && !file.wasThere());
    return all;
  }

  private void add(FileChange change) {
    boolean isDeleted = change.change().equals("deleted");
    if (change.from() != null) {
      // A rename does not change the content.
      set(new ChangedFile(change.from(), true, 0, change.hash(), 0));
    }
    boolean wasThere = isDeleted || change.change().equals("modified");
    set(
        new ChangedFile(
            change.path(),
            wasThere,
            wasThere ? change.iteration() - 1 : 0,
            "",
            isDeleted ? 0 : change.iteration()));
  }

  private void set(ChangedFile file) {
    files.merge(file.path(), file, (known, now) -> known.now(now.after()));
  }
}
