package dev.concert.chronicle.replication;

import dev.concert.chronicle.iteration.Change;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.journal.History;
import java.util.NavigableSet;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The paths that are there, followed through a journal: asking for them costs what is new in it,
 * and not what is there. For one thread at a time.
 */
final class LivePaths {
  private final History history;
  private final NavigableSet<String> paths = new TreeSet<>();
  private long seen;

  LivePaths(History history) {
    this.history = history;
  }

  NavigableSet<String> now() {
    for (Iteration next : history.since(seen, Integer.MAX_VALUE)) {
      next.from().ifPresent(paths::remove);
      if (next.change() == Change.DELETED) {
        paths.remove(next.path());
      } else {
        paths.add(next.path());
      }
      seen = next.sequence();
    }
    return paths;
  }

  /** What is anywhere in a folder. */
  static SortedSet<String> below(NavigableSet<String> paths, String folder) {
    return paths.subSet(folder + "/", folder + (char) ('/' + 1));
  }

  /** Whether one of the paths is a file where a folder above this path has to be. */
  static boolean isObstructed(NavigableSet<String> paths, String path) {
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      if (paths.contains(path.substring(0, slash))) {
        return true;
      }
    }
    return false;
  }
}
