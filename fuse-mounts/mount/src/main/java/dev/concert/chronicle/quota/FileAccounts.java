package dev.concert.chronicle.quota;

import dev.concert.chronicle.tree.FileRef;
import dev.concert.chronicle.tree.FileSystem;
import java.util.function.IntSupplier;

/**
 * Counts what changes of files take and free, by what the disk says before and after. Thread-safe.
 */
final class FileAccounts {
  private final FileSystem real;
  private final DiskUsage usage;
  private final OpenedFiles opened;

  FileAccounts(FileSystem real, DiskUsage usage, OpenedFiles opened) {
    this.real = real;
    this.usage = usage;
    this.opened = opened;
  }

  Allocation at(String path) {
    return Allocation.of(into -> real.status(path, into));
  }

  Allocation behind(long handle) {
    return Allocation.of(into -> real.statusOfOpen(handle, into));
  }

  Allocation opened(long handle) {
    Allocation file = behind(handle);
    if (file.isRegular()) {
      opened.open(handle, file.inode(), file.bytes());
    }
    return file;
  }

  int removing(String path, IntSupplier work) {
    Allocation removed = at(path);
    int result = work.getAsInt();
    if (result == 0) {
      gone(removed);
    }
    return result;
  }

  void gone(Allocation file) {
    if (file.hasOneName()) {
      opened.unlinked(file.inode(), file.bytes());
    }
  }

  int changing(String path, IntSupplier work) {
    Allocation before = at(path);
    int result = work.getAsInt();
    if (result == 0) {
      opened.changed(before.inode(), before.bytes(), at(path).bytes());
    }
    return result;
  }

  /** The disk may have a block of its own for the attributes of a file. */
  int describing(FileRef file, IntSupplier work) {
    return switch (file) {
      case FileRef.Named(String path) -> changing(path, work);
      case FileRef.Open(long handle) -> {
        int result = work.getAsInt();
        opened.of(handle).ifPresent(_ -> settle(handle, 0));
        yield result;
      }
    };
  }

  /** Counts what the file takes now, in the place of what was reserved for it. */
  void settle(long handle, long reserved) {
    long more = opened.of(handle).map(one -> one.settle(behind(handle).bytes())).orElse(0L);
    usage.add(more - reserved, 0);
  }
}
