package dev.concert.chronicle.quota;

import dev.concert.chronicle.posix.DirectoryReader;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.StatBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Adds up what the files below a folder take of the disk. A file with several names counts once.
 * What disappears meanwhile does not count. For one thread; blocks for as long as reading takes.
 */
final class UsageScan {
  private final BooleanSupplier wanted;
  private final Set<Long> severalNames = new HashSet<>();
  private final Deque<String> folders = new ArrayDeque<>();
  private long bytes;
  private long files;

  /**
   * @param wanted false when the result is not needed any more
   */
  UsageScan(BooleanSupplier wanted) {
    this.wanted = wanted;
  }

  /** Looks; the root itself does not count. */
  void run(Path root) {
    try (OpenDirectory tree = OpenDirectory.open(root);
        Arena arena = Arena.ofConfined()) {
      MemorySegment memory = arena.allocate(StatBuffer.SIZE_OF, Long.BYTES);
      folders.add(".");
      while (!folders.isEmpty() && wanted.getAsBoolean()) {
        look(tree, folders.removeLast(), memory);
      }
    }
  }

  private void look(OpenDirectory tree, String folder, MemorySegment memory) {
    int fd = tree.openFile(folder, OpenFlags.DIRECTORY, 0);
    if (fd < 0) {
      return; // it is gone, or has become something else
    }
    DirectoryReader.readAll(
        fd,
        (name, inode, type, next) -> {
          if (OpenDirectory.statusIn(fd, name, memory) == 0) {
            String text = name.getString(0, StandardCharsets.UTF_8);
            if (!text.equals(".") && !text.equals("..")) {
              count(folder, text, Allocation.of(new StatBuffer(memory)));
            }
          }
          return wanted.getAsBoolean();
        });
  }

  private void count(String folder, String name, Allocation found) {
    boolean isFolder = found.isDirectory();
    if (!isFolder && found.links() > 1 && !severalNames.add(found.inode())) {
      return;
    }
    bytes += found.bytes();
    files++;
    if (isFolder) {
      folders.add(folder + "/" + name);
    }
  }

  long bytes() {
    return bytes;
  }

  long files() {
    return files;
  }
}
