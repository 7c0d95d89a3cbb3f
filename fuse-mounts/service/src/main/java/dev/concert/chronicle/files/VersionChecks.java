package dev.concert.chronicle.files;

import dev.concert.chronicle.content.ContentHash;
import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.LiveFile;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.view.TreeFile;
import dev.concert.chronicle.view.TreeView.EscapeException;
import dev.concert.chronicle.workspace.Workspace;
import dev.concert.chronicle.workspace.Workspaces;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Changes files that are in a version that the caller named. What an agent writes between the
 * comparison and the change is noticed by the change, which is then not made. Thread-safe; every
 * method blocks.
 */
record VersionChecks(Workspaces workspaces) {
  private static final String ANY = "*";
  private static final int MAX_SIZE = 10 * 1024 * 1024;
  private static final int ATTEMPTS = 5;

  /** The clock of a disk does not tell two changes apart that come within this time. */
  private static final long CLOCK_STEP_MILLIS = 20;

  /**
   * @param wanted content hashes, of which one has to be the file's; {@code *} for any
   * @param change makes the change where the file is like this, else throws {@code
   *     PRECONDITION_FAILED}
   * @throws ConcertException {@code PRECONDITION_FAILED} where the file is in no such version
   */
  void change(String id, String path, List<String> wanted, Consumer<Signature> change) {
    for (int attempt = 1; true; attempt++) {
      Signature now = require(id, path, wanted);
      try {
        change.accept(now);
        return;
      } catch (ConcertException changed) {
        // It may have got the same content, or any is good.
        if (changed.code() != ErrorCode.PRECONDITION_FAILED || attempt == ATTEMPTS) {
          throw changed;
        }
      }
    }
  }

  private Signature require(String id, String path, List<String> wanted) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      TreeFile file = find(id, path).orElseThrow(VersionChecks::gone);
      if (isYoung(file)) {
        waitForClock();
      } else if (wanted.contains(ANY)) {
        return file.signature();
      } else {
        Optional<String> hash = hash(id, file);
        if (find(id, path).filter(file::equals).isPresent()) {
          return hash.filter(wanted::contains)
              .map(_ -> file.signature())
              .orElseThrow(() -> changed(null));
        }
      }
    }
    throw changed(null);
  }

  private Optional<TreeFile> find(String id, String path) {
    try {
      return workspaces
          .with(id, space -> space.view().find(path))
          .flatMap(found -> found)
          .filter(file -> file.type() != TreeFile.Type.DIRECTORY);
    } catch (EscapeException outside) {
      throw new ConcertException(ErrorCode.PATH_INVALID, "The path leads out of the workspace.");
    }
  }

  private static boolean isYoung(TreeFile file) {
    long age = System.currentTimeMillis() - file.signature().modifiedNanos() / 1_000_000;
    return age >= 0 && age < CLOCK_STEP_MILLIS;
  }

  private static void waitForClock() {
    try {
      Thread.sleep(CLOCK_STEP_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /** Empty for a large file without an iteration: no caller has read it in this version. */
  private Optional<String> hash(String id, TreeFile file) {
    return workspaces.with(id, space -> hash(space, file)).flatMap(hash -> hash);
  }

  private static Optional<String> hash(Workspace space, TreeFile file) {
    if (file.signature().size() > MAX_SIZE) {
      return space
          .journal()
          .history()
          .live(file.path())
          .filter(live -> live.signature().equals(file.signature()))
          .map(LiveFile::hash);
    }
    return space.view().open(file.path()).map(VersionChecks::hash);
  }

  private static String hash(OpenContent file) {
    try (file) {
      byte[] bytes = new byte[(int) Math.min(file.size(), MAX_SIZE)];
      int length = file.content().read(bytes, 0);
      return ContentHash.of(Arrays.copyOf(bytes, Math.max(0, length)));
    }
  }

  private static ConcertException gone() {
    return new ConcertException(ErrorCode.PRECONDITION_FAILED, "There is no such file any more.");
  }

  /** The file is not in a version that the caller named. */
  static ConcertException changed(Throwable cause) {
    return new ConcertException(
        ErrorCode.PRECONDITION_FAILED, "It was changed since you read it.", cause);
  }
}
