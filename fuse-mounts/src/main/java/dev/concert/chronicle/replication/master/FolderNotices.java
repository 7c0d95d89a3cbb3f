package dev.concert.chronicle.replication.master;

import dev.concert.chronicle.replication.wire.FolderEntry;
import dev.concert.chronicle.replication.wire.SyncPath;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which folders one replica was told of. Folders have no iterations, so the live ones are looked
 * at: those that are empty are told, and those that were told and are not there any more.
 * Thread-safe.
 */
final class FolderNotices {
  /**
   * A look costs as much as there are folders: it may take this part of the time, one of so many.
   */
  private static final int SHARE = 20;

  /** Says something to the replica. */
  @FunctionalInterface
  interface Saying {
    void say() throws IOException;
  }

  /** Tells the replica of something. */
  @FunctionalInterface
  interface Telling {
    void tell(Notification notification) throws IOException;
  }

  private final MasterWorkspace workspace;
  private final Map<String, Integer> told = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private long notBefore = System.nanoTime();

  FolderNotices(MasterWorkspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Tells what the replica does not know.
   *
   * @param sequence up to which it was told everything else
   * @param now also when the last look was only just now
   */
  void tell(long sequence, boolean now, Telling telling) throws IOException {
    lock.lock();
    try {
      long begin = System.nanoTime();
      if (now || begin - notBefore >= 0) {
        look(sequence, telling);
        long end = System.nanoTime();
        notBefore = end + SHARE * (end - begin);
      }
    } finally {
      lock.unlock();
    }
  }

  private void look(long sequence, Telling telling) throws IOException {
    for (Map.Entry<String, Integer> folder : workspace.emptyFolders().entrySet()) {
      String path = folder.getKey();
      if (!folder.getValue().equals(told.get(path)) && SyncPath.wrong(path).isEmpty()) {
        telling.tell(FolderEntry.there(sequence, path, folder.getValue()));
        told.put(path, folder.getValue());
      }
    }
    for (String path : List.copyOf(told.keySet())) {
      if (!workspace.hasFolder(path)) {
        telling.tell(FolderEntry.gone(sequence, path));
        told.remove(path);
      }
    }
  }

  /** Whether the replica was told of the folder. Never waits. */
  boolean isTold(String path) {
    return told.containsKey(path);
  }

  /**
   * Tells the replica that its own folders were taken. What it is told later comes after that, and
   * what became of the folders meanwhile is told.
   */
  void taken(List<WriteBackEntry> entries, Saying answer) throws IOException {
    lock.lock();
    try {
      answer.say();
      for (WriteBackEntry entry : entries) {
        if (entry.isDeletion()) {
          told.remove(entry.filepath());
        } else {
          told.put(entry.filepath(), FolderEntry.mode(entry));
        }
      }
      notBefore = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }
}
