package dev.concert.platform.project;

import dev.concert.chronicle.posix.FileStatus;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Copies the files of a project into base and mirror, both of which are empty: there is nothing to
 * compare. One file has a name in each. For one thread; blocking.
 */
final class FirstCopy {
  /** A file of at most this many bytes is read once, for the copy and for whoever sends it. */
  private static final int SMALL = 256 * 1024;

  private static final Set<OpenOption> READ =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  /** Gets each file right after it was copied. */
  interface Sink {
    void symlink(String path, Path target) throws IOException;

    /**
     * @param content of the file; what is left of it is all
     */
    void small(String path, FileSignature file, ByteBuffer content) throws IOException;

    /**
     * @param copy nobody writes it again
     */
    void large(String path, FileSignature file, Path copy) throws IOException;
  }

  private final ProjectTree user;
  private final ProjectTree base;
  private final ProjectTree mirror;
  private final Consumer<String> notice;
  private final Sink sink;
  private final ByteBuffer piece = ByteBuffer.allocate(SMALL + 1);
  private final Map<String, FileSignature> taken = new HashMap<>();

  /**
   * @param notice receives a sentence for what stays out
   */
  FirstCopy(
      ProjectTree user, ProjectTree base, ProjectTree mirror, Consumer<String> notice, Sink sink) {
    this.user = user;
    this.base = base;
    this.mirror = mirror;
    this.notice = notice;
    this.sink = sink;
  }

  /** Answers which are there, and what each looked like. */
  Map<String, FileSignature> take(Collection<String> paths) throws IOException {
    Path last = base.root();
    try (FolderCursor cursor = new FolderCursor(user.root())) {
      for (String path : paths) {
        Path above = base.root().resolve(path).getParent();
        if (!above.equals(last)) {
          Files.createDirectories(above);
          Files.createDirectories(mirror.root().resolve(base.root().relativize(above)));
          last = above;
        }
        take(cursor, path);
      }
    }
    return taken;
  }

  private void take(FolderCursor cursor, String path) throws IOException {
    try {
      Optional<FileStatus> file = cursor.look(path);
      if (file.isEmpty() || !file.get().isRegular() && !file.get().isSymlink()) {
        return;
      }
      Path copy = base.root().resolve(path);
      Path shown = mirror.root().resolve(path);
      FileSignature signature = FileSignature.of(file.get());
      if (file.get().isSymlink()) {
        Path target = Files.readSymbolicLink(cursor.place(path));
        Files.createSymbolicLink(copy, target);
        Files.createSymbolicLink(shown, target);
        sink.symlink(path, target);
      } else {
        copy(cursor.place(path), path, copy, shown, signature);
      }
      taken.put(path, signature);
    } catch (AccessDeniedException unreadable) {
      notice.accept(path + " cannot be read by you and stays out.");
    }
  }

  private void copy(Path from, String path, Path copy, Path shown, FileSignature file)
      throws IOException {
    boolean small;
    try (FileChannel source = FileChannel.open(from, READ);
        FileChannel target =
            FileChannel.open(copy, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      small = readWhole(source);
      if (small) {
        write(target);
      } else {
        transfer(source, target);
      }
    }
    if (file.executable()) {
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.createLink(shown, copy);
    if (small) {
      sink.small(path, file, piece.rewind());
    } else {
      sink.large(path, file, copy);
    }
  }

  private boolean readWhole(FileChannel source) throws IOException {
    piece.clear();
    while (piece.hasRemaining() && source.read(piece) >= 0) {
      // Until its end.
    }
    return piece.flip().limit() <= SMALL;
  }

  private void write(FileChannel target) throws IOException {
    while (piece.hasRemaining()) {
      target.write(piece);
    }
  }

  private static void transfer(FileChannel source, FileChannel target) throws IOException {
    long position = 0;
    for (long copied = source.transferTo(0, Long.MAX_VALUE, target);
        copied > 0;
        copied = source.transferTo(position, Long.MAX_VALUE, target)) {
      position += copied;
    }
  }
}
