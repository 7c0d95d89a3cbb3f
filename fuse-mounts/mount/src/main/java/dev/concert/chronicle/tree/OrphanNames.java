package dev.concert.chronicle.tree;

import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.recording.Recorder;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;

/**
 * Removes names of files. A file that the recorder has yet to read keeps a hidden name in the
 * folder for orphans. Thread-safe.
 */
final class OrphanNames {
  private static final int MOST_KEPT = 256;

  private final OpenDirectory orphans;
  private final Recorder recorder;
  private final Map<Long, String> keptByInode = new ConcurrentHashMap<>();

  OrphanNames(OpenDirectory orphans, Recorder recorder) {
    this.orphans = orphans;
    this.recorder = recorder;
  }

  int unlink(OpenDirectory place, String name) {
    return losing(place, name, held -> place.rename(name, orphans, held))
        .orElseGet(() -> place.unlink(name));
  }

  int rename(OpenDirectory from, String name, OpenDirectory to, String newName) {
    OptionalInt kept = losing(to, newName, held -> to.link(newName, orphans, held));
    if (kept.isPresent() && kept.getAsInt() != 0) {
      // A file that cannot have another name is read before it loses this one.
      to.status(newName).ifPresent(file -> recorder.changing(file.inode()));
    }
    return from.rename(name, to, newName);
  }

  private OptionalInt losing(OpenDirectory place, String name, ToIntFunction<String> keeping) {
    return recorder.readsLater()
        ? place
            .status(name)
            // It can be found by another name too.
            .filter(file -> file.isRegular() && file.links() == 1)
            .map(file -> losing(file.inode(), keeping))
            .orElse(OptionalInt.empty())
        : OptionalInt.empty();
  }

  private OptionalInt losing(long inode, ToIntFunction<String> keeping) {
    return recorder.losing(
        inode,
        held -> {
          int result = keeping.applyAsInt(held);
          if (result == 0) {
            remember(inode, held);
          }
          return result;
        });
  }

  private void remember(long inode, String held) {
    if (keptByInode.size() >= MOST_KEPT) {
      keptByInode.entrySet().removeIf(kept -> !isThere(kept.getKey(), kept.getValue()));
    }
    keptByInode.put(inode, held);
  }

  /** Whether one of the names of a file is hidden. */
  boolean isKept(long inode) {
    if (keptByInode.isEmpty()) {
      return false;
    }
    String held = keptByInode.get(inode);
    boolean there = held != null && isThere(inode, held);
    if (!there && held != null) {
      keptByInode.remove(inode, held);
    }
    return there;
  }

  /** Whether a file has a name in the tree. */
  boolean isNamed(FileStatus file) {
    return file.links() > (isKept(file.inode()) ? 1 : 0);
  }

  private boolean isThere(long inode, String held) {
    return orphans.status(held).filter(file -> file.inode() == inode).isPresent();
  }
}
