package dev.concert.chronicle.magic;

import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Paths with what they lead to, as a tree: a folder is there where something is below it.
 * Immutable.
 */
final class PastTree<T> {
  private final NavigableMap<String, T> files;

  PastTree(Map<String, T> files) {
    this.files = new TreeMap<>(files);
  }

  /** A folder's names, where the path is one; the empty path always is. */
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
