package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The order in which changes of a replica are made in the workspace, one after the other. */
final class BatchOrder {
  private BatchOrder() {}

  /**
   * First goes what is in the way of something else. Then files come before deletions, so that a
   * rename moves no bytes, and folders too, so that one that stays does not go with its last file.
   *
   * @param removed folders
   * @param made folders
   * @param files written and deleted ones
   */
  static List<WriteBackEntry> of(
      List<WriteBackEntry> removed, List<WriteBackEntry> made, List<WriteBackEntry> files) {
    Set<String> written = new HashSet<>();
    Set<String> folders = new HashSet<>();
    for (WriteBackEntry file : files) {
      if (!file.isDeletion()) {
        written.add(file.filepath());
        above(file.filepath(), folders);
      }
    }
    for (WriteBackEntry folder : made) {
      folders.add(folder.filepath());
      above(folder.filepath(), folders);
    }
    List<WriteBackEntry> batch = new ArrayList<>(removed);
    List<WriteBackEntry> deleted = new ArrayList<>();
    List<WriteBackEntry> others = new ArrayList<>();
    for (WriteBackEntry file : files) {
      if (!file.isDeletion()) {
        others.add(file);
      } else if (folders.contains(file.filepath()) || isBelow(file.filepath(), written)) {
        batch.add(file);
      } else {
        deleted.add(file);
      }
    }
    batch.addAll(others);
    batch.addAll(made);
    batch.addAll(deleted);
    return List.copyOf(batch);
  }

  private static boolean isBelow(String path, Set<String> files) {
    Set<String> folders = new HashSet<>();
    above(path, folders);
    return folders.stream().anyMatch(files::contains);
  }

  private static void above(String path, Set<String> folders) {
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      folders.add(path.substring(0, slash));
    }
  }
}
