package dev.concert.chronicle.history;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Paths with their values, as a tree: a folder exists if a path lies below it. Immutable. */
final class PastTree<T> {
  private final NavigableMap<String, T> files;

  PastTree(Map<String, T> files) {
    this.files = new TreeMap<>(files);
  }

  /** The names in a folder; empty if the path is none. The empty path always is a folder. */
  Optional<Set<String>> folder(String path) {
    String prefix = path.isEmpty() ? "" : path + "/";
    Set<String> names = new TreeSet<>();
    for (String file : files.tailMap(prefix, true).keySet()) {
      if (!file.startsWith(prefix)) {
        break;
      }
      int end = file.indexOf('/', prefix.length());
      names.add(file.substring(prefix.length(), end < 0 ? file.length() : end));
    }
    return names.isEmpty() && !path.isEmpty() ? Optional.empty() : Optional.of(names);
  }

  Optional<T> file(String path) {
    return Optional.ofNullable(files.get(path));
  }
}
