package dev.concert.chronicle.replication;

import dev.concert.chronicle.replication.replica.files.ReplicaFiles.ObstructedException;
import dev.concert.chronicle.replication.replica.files.ReplicaFolders;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.Supplier;

/** The folders of files in memory, as a disk has them: they stay until somebody removes them. */
public final class MemoryFolders implements ReplicaFolders {
  private static final int MODE = 0755;

  private final NavigableMap<String, Integer> folders = new TreeMap<>();
  private final Object lock;
  private final Supplier<NavigableSet<String>> files;
  private volatile Runnable beforeChange = () -> {};

  /**
   * @param lock guards the files
   * @param files what is in them
   */
  MemoryFolders(Object lock, Supplier<NavigableSet<String>> files) {
    this.lock = lock;
    this.files = files;
  }

  void beforeChange(Runnable work) {
    beforeChange = work;
  }

  /** A file was made. */
  void above(String path) {
    synchronized (lock) {
      for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
        folders.putIfAbsent(path.substring(0, slash), MODE);
      }
    }
  }

  /** A folder, and what is in it, is somewhere else now. */
  void renamed(String path, String to) {
    synchronized (lock) {
      for (String name : List.copyOf(folders.keySet())) {
        if (name.equals(path) || name.startsWith(path + "/")) {
          folders.put(to + name.substring(path.length()), folders.remove(name));
        }
      }
    }
  }

  /** Removes a folder with the folders in it, if there is no file anywhere in it. */
  void clear(String path) {
    synchronized (lock) {
      if (LivePaths.below(files.get(), path).isEmpty()) {
        folders.remove(path);
        LivePaths.below(folders.navigableKeySet(), path).clear();
      }
    }
  }

  @Override
  public boolean accepts(String path) {
    return true;
  }

  @Override
  public boolean exists(String path) {
    synchronized (lock) {
      return folders.containsKey(path);
    }
  }

  @Override
  public OptionalInt empty(String path) {
    synchronized (lock) {
      return folders.containsKey(path) && isEmpty(path)
          ? OptionalInt.of(folders.get(path))
          : OptionalInt.empty();
    }
  }

  private boolean isEmpty(String path) {
    return LivePaths.below(files.get(), path).isEmpty()
        && LivePaths.below(folders.navigableKeySet(), path).isEmpty();
  }

  @Override
  public Map<String, Integer> empty() {
    synchronized (lock) {
      Map<String, Integer> found = new TreeMap<>(folders);
      found.keySet().removeIf(path -> !isEmpty(path));
      return found;
    }
  }

  @Override
  public void make(String path, int mode) {
    beforeChange.run();
    synchronized (lock) {
      files.get().stream()
          .filter(file -> (path + "/").startsWith(file + "/"))
          .findFirst()
          .ifPresent(
              file -> {
                throw new ObstructedException(file);
              });
      above(path + "/");
      if (isEmpty(path)) {
        folders.put(path, mode);
      }
    }
  }

  @Override
  public void remove(String path) {
    beforeChange.run();
    synchronized (lock) {
      if (isEmpty(path)) {
        folders.remove(path);
      }
    }
  }
}
