package dev.concert.chronicle.quota;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The files that are open, by their handles and their inodes. Thread-safe. */
final class OpenedFiles {
  private final DiskUsage usage;
  private final Map<Long, CountedFile> byHandle = new ConcurrentHashMap<>();
  private final Map<Long, CountedFile> byInode = new HashMap<>();

  OpenedFiles(DiskUsage usage) {
    this.usage = usage;
  }

  /**
   * A file was opened.
   *
   * @param bytes that it takes
   */
  synchronized void open(long handle, long inode, long bytes) {
    CountedFile file = byInode.computeIfAbsent(inode, key -> new CountedFile(key, bytes));
    file.open();
    byHandle.put(handle, file);
  }

  /** The file behind a handle; empty for what is no regular file. */
  Optional<CountedFile> of(long handle) {
    return Optional.ofNullable(byHandle.get(handle));
  }

  /** The size of a file changed by its name. */
  synchronized void changed(long inode, long before, long now) {
    CountedFile file = byInode.get(inode);
    usage.add(file == null ? now - before : file.settle(now), 0);
  }

  /**
   * A file lost its last name: its room is free now, or when the last one who has it open closes.
   */
  synchronized void unlinked(long inode, long bytes) {
    CountedFile file = byInode.get(inode);
    if (file == null) {
      usage.add(-bytes, -1);
    } else {
      file.unlink();
    }
  }

  synchronized boolean isOpen(long inode) {
    return byInode.containsKey(inode);
  }

  synchronized DiskUsage.Amount nameless() {
    List<CountedFile> found = byInode.values().stream().filter(CountedFile::isUnlinked).toList();
    return new DiskUsage.Amount(found.stream().mapToLong(CountedFile::bytes).sum(), found.size());
  }

  synchronized void close(long handle) {
    CountedFile file = byHandle.remove(handle);
    if (file != null && file.close()) {
      byInode.remove(file.inode());
      if (file.isUnlinked()) {
        usage.add(-file.bytes(), -1);
      }
    }
  }
}
