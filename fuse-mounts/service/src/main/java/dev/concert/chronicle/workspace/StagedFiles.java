package dev.concert.chronicle.workspace;

import dev.concert.chronicle.posix.Errno;
import dev.concert.chronicle.posix.FileCalls;
import dev.concert.chronicle.posix.FileStatus;
import dev.concert.chronicle.posix.OpenDirectory;
import dev.concert.chronicle.posix.OpenFlags;
import dev.concert.chronicle.posix.PosixException;
import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.files.FolderRemoval;
import dev.concert.foundation.files.PrivateFiles;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Files that lie beside a workspace, on its disk, until all of them are there. Closing it deletes
 * what did not come in. For one thread; blocks.
 */
public final class StagedFiles implements AutoCloseable {
  private static final int PIECE = 256 * 1024;
  private static final int PERMISSIONS = 0777;

  /** What is to be at a path. */
  sealed interface Item {
    String path();

    /**
     * @param name in the folder of staged files
     */
    record File(String path, int mode, String name, FileStatus status) implements Item {}

    record Symlink(String path, String name, FileStatus status) implements Item {}

    record Folder(String path) implements Item {}

    /** Nothing is to be there. */
    record Nothing(String path) implements Item {}
  }

  private final Path place;
  private final OpenDirectory folder;
  private final Path handed;
  private final long mostBytes;
  private final int mostItems;
  private final List<Item> items = new ArrayList<>();

  /** Of all files: to get and to clear them for each one costs more than a small file. */
  private final byte[] piece = new byte[PIECE];

  private final MemorySegment memory = Arena.ofAuto().allocate(PIECE, Long.BYTES);
  private long bytes;

  private StagedFiles(Path place, Path handed, long mostBytes, int mostItems) {
    this.place = place;
    this.handed = handed;
    this.folder = OpenDirectory.open(place);
    this.mostBytes = mostBytes;
    this.mostItems = mostItems;
  }

  /**
   * @param mostBytes what may be staged at most
   */
  static StagedFiles in(WorkspaceFolder workspace, long mostBytes, int mostItems)
      throws IOException {
    Path place =
        PrivateFiles.createDirectories(workspace.incoming().resolve(UUID.randomUUID().toString()));
    long free = Files.getFileStore(place).getUsableSpace();
    return new StagedFiles(place, workspace.handed(), Math.min(mostBytes, free), mostItems);
  }

  /**
   * A regular file.
   *
   * @param modified seconds since 1970
   */
  public void file(String path, int mode, long modified, InputStream content) throws IOException {
    count();
    String name = Integer.toString(items.size());
    int flags = OpenFlags.WRITE_ONLY | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
    int fd = PosixException.check(folder.openFile(name, flags, mode & PERMISSIONS), "open");
    try {
      copy(content, fd);
      add(path, mode, modified, name, fd);
    } finally {
      PosixException.check(FileCalls.close(fd), "close");
    }
  }

  /**
   * A regular file that lies in the folder of {@link HandedFiles}, by its name there.
   *
   * @param modified seconds since 1970
   * @throws ConcertException where no such file is there
   */
  public void handed(String path, int mode, long modified, String handedName) {
    count();
    String name = Integer.toString(items.size());
    take(handedName, name);
    int fd = PosixException.check(folder.openFile(name, OpenFlags.READ_ONLY, 0), "open");
    try {
      bytes += OpenDirectory.statusOf(fd).size();
      checkRoom();
      add(path, mode, modified, name, fd);
    } finally {
      PosixException.check(FileCalls.close(fd), "close");
    }
  }

  private void take(String handedName, String name) {
    if (HandedFiles.isName(handedName) && Files.isDirectory(handed, LinkOption.NOFOLLOW_LINKS)) {
      try (OpenDirectory from = OpenDirectory.open(handed)) {
        Optional<FileStatus> file = from.status(handedName);
        if (file.filter(one -> one.isRegular() && one.links() == 1).isPresent()) {
          PosixException.check(from.rename(handedName, folder, name), "rename");
          return;
        }
      }
    }
    throw new ConcertException(
        ErrorCode.INVALID_MESSAGE,
        "A file that the archive names is not beside the workspace. Send it in the archive.");
  }

  private void add(String path, int mode, long modified, String name, int fd) {
    PosixException.check(FileCalls.changeMode(fd, mode & PERMISSIONS), "fchmod");
    for (int time = 0; time < 2; time++) {
      memory.setAtIndex(ValueLayout.JAVA_LONG, 2L * time, modified);
      memory.setAtIndex(ValueLayout.JAVA_LONG, 2L * time + 1, 0);
    }
    PosixException.check(FileCalls.changeTimes(fd, memory), "futimens");
    items.add(
        new Item.File(
            WorkspaceNames.checkNew(path), mode & PERMISSIONS, name, OpenDirectory.statusOf(fd)));
  }

  private void copy(InputStream content, int fd) throws IOException {
    long position = 0;
    for (int read = content.readNBytes(piece, 0, PIECE);
        read > 0;
        read = content.readNBytes(piece, 0, PIECE)) {
      bytes += read;
      checkRoom();
      MemorySegment.copy(piece, 0, memory, ValueLayout.JAVA_BYTE, 0, read);
      int written = PosixException.check(FileCalls.write(fd, memory, read, position), "write");
      if (written < read) {
        throw new PosixException(Errno.ENOSPC, "write");
      }
      position += read;
    }
  }

  public void symlink(String path, String target) {
    count();
    String name = Integer.toString(items.size());
    PosixException.check(folder.symlink(target, name), "symlink");
    items.add(
        new Item.Symlink(WorkspaceNames.checkNew(path), name, folder.status(name).orElseThrow()));
  }

  public void makeFolder(String path) {
    count();
    items.add(new Item.Folder(WorkspaceNames.checkNew(path)));
  }

  public void delete(String path) {
    count();
    items.add(new Item.Nothing(WorkspaceNames.checkNew(path)));
  }

  private void count() {
    if (items.size() >= mostItems) {
      throw new PosixException(Errno.ENOSPC, "stage");
    }
  }

  private void checkRoom() {
    if (bytes > mostBytes) {
      throw new PosixException(Errno.ENOSPC, "stage");
    }
  }

  OpenDirectory folder() {
    return folder;
  }

  List<Item> items() {
    return List.copyOf(items);
  }

  /** What is staged takes this much of the disk. */
  long allocated() {
    return items.stream()
        .mapToLong(item -> item instanceof Item.File file ? file.status().allocated() : 0)
        .sum();
  }

  @Override
  public void close() throws IOException {
    folder.close();
    FolderRemoval.remove(place);
  }
}
