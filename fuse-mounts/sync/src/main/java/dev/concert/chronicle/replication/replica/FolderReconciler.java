package dev.concert.chronicle.replication.replica;

import dev.concert.chronicle.replication.replica.files.ReplicaFolders;
import dev.concert.chronicle.replication.replica.state.FolderMemory;
import dev.concert.chronicle.replication.wire.FolderEntry;
import dev.concert.chronicle.replication.wire.WireMessage.Notification;
import dev.concert.chronicle.replication.wire.WireMessage.WriteBackEntry;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Brings the empty folders of both sides together. A folder has no content, so there is nothing to
 * lose and no conflict: what one side made is made, what one side removed is removed where it is
 * empty. Every step can be done twice. For the replica's thread.
 */
final class FolderReconciler {
  /** Far beyond the numbers of writes. */
  private static final long FIRST_NUMBER = 1L << 62;

  private final ReplicaFolders folders;
  private final FolderMemory memory;

  /** What both sides have, and its permission bits. */
  private final NavigableMap<String, Integer> agreed;

  /** What is different here: the permission bits, or nothing where the folder is gone. */
  private final Map<String, OptionalInt> changed = new TreeMap<>();

  private final Set<String> refused = new HashSet<>();
  private final Set<String> received = new HashSet<>();
  private final Map<Long, WriteBackEntry> inFlight = new HashMap<>();
  private long number = FIRST_NUMBER;

  FolderReconciler(ReplicaFolders folders, FolderMemory memory) {
    this.folders = folders;
    this.memory = memory;
    this.agreed = new TreeMap<>(memory.all());
  }

  /** Looks at everything. */
  void lookAtAll() {
    Map<String, Integer> here = folders.empty();
    Set<String> paths = new TreeSet<>(here.keySet());
    paths.addAll(agreed.keySet());
    paths.addAll(changed.keySet());
    paths.forEach(this::look);
  }

  /**
   * Looks at a path that may have changed, at the folder that it is in, and at those that were in
   * it: a file may have taken its place.
   */
  void lookAround(String path) {
    look(path);
    // '0' follows '/'.
    agreed.subMap(path + "/", path + "0").keySet().forEach(this::look);
    int slash = path.lastIndexOf('/');
    if (slash > 0) {
      look(path.substring(0, slash));
    }
  }

  private void look(String path) {
    if (!folders.accepts(path)) {
      changed.remove(path);
      return;
    }
    OptionalInt here = folders.empty(path);
    Integer base = agreed.get(path);
    boolean isNew = here.isPresent() && (base == null || base != here.getAsInt());
    boolean isGone = here.isEmpty() && base != null && !folders.exists(path);
    if (isNew || isGone) {
      changed.put(path, here);
    } else {
      changed.remove(path);
    }
  }

  /** A connection begins. */
  void restart() {
    received.clear();
    inFlight.clear();
  }

  /** The workspace says what a folder is. */
  void upstream(Notification notified) {
    String path = notified.filepath();
    if (!folders.accepts(path)) {
      return;
    }
    OptionalInt mode = FolderEntry.mode(notified);
    if (mode.isPresent()) {
      this.received.add(path);
      there(path, mode.getAsInt());
    } else {
      this.received.remove(path);
      gone(path);
    }
    look(path);
  }

  private void there(String path, int mode) {
    Integer base = agreed.get(path);
    if (base == null || folders.empty(path).isPresent()) {
      folders.make(path, mode);
    }
    agree(path, mode);
  }

  private void gone(String path) {
    if (agreed.containsKey(path)) {
      remove(path);
      forget(path);
      prune(path);
    }
  }

  /** Removes a folder where it is empty. */
  void remove(String path) {
    folders.remove(path);
    look(path);
  }

  /**
   * The workspace has sent all that it has: what it did not send is gone, or not empty any more,
   * and then it is not empty here.
   *
   * @param unsent files that were changed here
   */
  void caughtUp(Collection<String> unsent) {
    List<String> others =
        agreed.keySet().stream().filter(path -> !received.contains(path)).toList();
    for (String path : others) {
      if (unsent.stream().anyMatch(write -> write.startsWith(path + "/"))) {
        forget(path); // it was emptied here
      } else {
        gone(path);
      }
      look(path);
    }
  }

  private void agree(String path, int mode) {
    Integer before = agreed.put(path, mode);
    if (before == null || before != mode) {
      memory.put(path, mode);
    }
  }

  private void forget(String path) {
    if (agreed.remove(path) != null) {
      memory.remove(path);
    }
  }

  /** A path went because the workspace has it no more: so do the folders that it leaves empty. */
  void prune(String path) {
    for (String folder : above(path)) {
      boolean isWanted =
          agreed.containsKey(folder)
              || changed.getOrDefault(folder, OptionalInt.empty()).isPresent();
      if (isWanted || folders.empty(folder).isEmpty() && folders.exists(folder)) {
        return;
      }
      remove(folder);
    }
  }

  /** The folders above a path, the nearest first. */
  private static List<String> above(String path) {
    List<String> folders = new ArrayList<>();
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      folders.add(path.substring(0, slash));
    }
    return folders;
  }

  /**
   * @param waits whether nothing can be made at a path for now
   */
  boolean isIdle(Predicate<String> waits) {
    return inFlight.isEmpty()
        && changed.keySet().stream().allMatch(path -> refused.contains(path) || waits.test(path));
  }

  /** Folders that are gone: they have to go before a file, or nothing, takes their place. */
  List<WriteBackEntry> removed(int limit, long position) {
    Set<String> gone = new LinkedHashSet<>();
    for (String path : changes(false)) {
      gone.add(path);
      above(path).stream().takeWhile(folder -> !folders.exists(folder)).forEach(gone::add);
    }
    return gone.stream()
        .sorted(Comparator.reverseOrder())
        .limit(limit)
        .map(path -> send(path, OptionalInt.empty(), position))
        .toList();
  }

  /** Folders that were made, have other permissions, or were left when their last file went. */
  List<WriteBackEntry> made(int limit, long position, Predicate<String> waits) {
    return changes(true).stream()
        .filter(Predicate.not(waits))
        .limit(limit)
        .map(path -> send(path, changed.get(path), position))
        .toList();
  }

  private List<String> changes(boolean made) {
    List.copyOf(changed.keySet()).forEach(this::look);
    return changed.keySet().stream()
        .filter(path -> changed.get(path).isPresent() == made && !refused.contains(path))
        .toList();
  }

  private WriteBackEntry send(String path, OptionalInt mode, long position) {
    WriteBackEntry entry = FolderEntry.written(number++, path, mode, position);
    inFlight.put(entry.localSeq(), entry);
    return entry;
  }

  /** Answers with whether it was a folder of which this was said. */
  boolean accepted(long localSeq) {
    WriteBackEntry entry = inFlight.remove(localSeq);
    if (entry == null) {
      return false;
    }
    if (entry.isDeletion()) {
      forget(entry.filepath());
    } else {
      agree(entry.filepath(), FolderEntry.mode(entry));
    }
    look(entry.filepath());
    return true;
  }

  /**
   * Answers with whether it was a folder of which this was said.
   *
   * @param forGood whether trying again is of no use
   */
  boolean rejected(long localSeq, boolean forGood) {
    WriteBackEntry entry = inFlight.remove(localSeq);
    if (entry != null && forGood) {
      refused.add(entry.filepath());
    }
    return entry != null;
  }
}
