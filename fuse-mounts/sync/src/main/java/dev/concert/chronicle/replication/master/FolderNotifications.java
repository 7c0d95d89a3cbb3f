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
 * Notifies one replica of empty folders. Folders have no iterations, so this compares the live ones
 * with those sent before: it sends the empty ones, and the removal of those that are gone.
 * Thread-safe.
 */
final class FolderNotifications {
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
  private final Map<String, Integer> sent = new ConcurrentHashMap<>();
  private final ReentrantLock lock = new ReentrantLock();
  private long notBefore = System.nanoTime();

  FolderNotifications(MasterWorkspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Tells what the replica does not know.
   *
   * @param sequence up to which everything else was sent
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
      if (!folder.getValue().equals(sent.get(path)) && SyncPath.wrong(path).isEmpty()) {
        telling.tell(FolderEntry.there(sequence, path, folder.getValue()));
        sent.put(path, folder.getValue());
      }
    }
    for (String path : List.copyOf(sent.keySet())) {
      if (!workspace.hasFolder(path)) {
        telling.tell(FolderEntry.gone(sequence, path));
        sent.remove(path);
      }
    }
  }

  /** Whether the folder was sent to the replica. Never waits. */
  boolean isTold(String path) {
    return sent.containsKey(path);
  }

  /**
   * Confirms the replica's own folders. Later notifications come after that and show what became of
   * the folders meanwhile.
   */
  void taken(List<WriteBackEntry> entries, Saying answer) throws IOException {
    lock.lock();
    try {
      answer.say();
      for (WriteBackEntry entry : entries) {
        if (entry.isDeletion()) {
          sent.remove(entry.filepath());
        } else {
          sent.put(entry.filepath(), FolderEntry.mode(entry));
        }
      }
      notBefore = System.nanoTime();
    } finally {
      lock.unlock();
    }
  }
}
