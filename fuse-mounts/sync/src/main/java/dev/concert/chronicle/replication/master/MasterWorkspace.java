package dev.concert.chronicle.replication.master;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Iteration;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** A workspace as its master needs it. Thread-safe; every method blocks. */
public interface MasterWorkspace {

  /** Iterations after a sequence number, oldest first. */
  List<Iteration> since(long sequence, int limit);

  /** Sequence number of the latest iteration; 0 if there is none. */
  long latest();

  Snapshot snapshot();

  /** The latest iteration that the path took part in, also as the old name of a rename; else 0. */
  long latestOf(String path);

  /** All iterations of a path, oldest first. */
  List<Iteration> of(String path);

  /** A content of the store, whose size is known; empty where it is not there. */
  Optional<OpenContent> content(String hash, long size);

  /**
   * Writes a file of the live workspace, whole. Its iteration is in the journal when this returns.
   *
   * @param mode permission bits; a symlink has none
   */
  void write(String path, Kind kind, int mode, OpenContent content);

  /**
   * Deletes a file of the live workspace and the folders that became empty by it.
   *
   * @param keeps which folders stay, and so those above them
   */
  void delete(String path, Predicate<String> keeps);

  /** Folders of the live workspace with nothing in them, and their permission bits. */
  Map<String, Integer> emptyFolders();

  /** Whether the live workspace has a folder there, empty or not. */
  boolean hasFolder(String path);

  /**
   * Makes a folder of the live workspace and those above it; gives one that is there these
   * permissions.
   */
  void makeFolder(String path, int mode);

  /** Removes a folder of the live workspace where it is there and empty. */
  void removeFolder(String path);
}
