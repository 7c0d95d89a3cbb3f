package dev.concert.platform.project;

import dev.concert.chronicle.posix.FileStatus;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Copies the files of a project into base and mirror, both of which are empty: there is nothing to
 * compare. One file has a name in each. For one thread; blocking.
 */
record FirstCopy(ProjectTree user, ProjectTree base, ProjectTree mirror) {

  /** Answers which are there. */
  List<String> take(List<String> paths, Consumer<String> notice) throws IOException {
    List<String> taken = new ArrayList<>();
    Path last = base.root();
    try (FolderCursor cursor = new FolderCursor(user.root())) {
      for (String path : paths) {
        Path above = base.root().resolve(path).getParent();
        if (!above.equals(last)) {
          Files.createDirectories(above);
          Files.createDirectories(mirror.root().resolve(base.root().relativize(above)));
          last = above;
        }
        if (take(cursor, path, notice)) {
          taken.add(path);
        }
      }
    }
    return taken;
  }

  private boolean take(FolderCursor cursor, String path, Consumer<String> notice)
      throws IOException {
    try {
      Optional<FileStatus> file = cursor.look(path);
      if (file.isEmpty() || !file.get().isRegular() && !file.get().isSymlink()) {
        return false;
      }
      Path copy = base.root().resolve(path);
      Path shown = mirror.root().resolve(path);
      if (file.get().isSymlink()) {
        Path target = Files.readSymbolicLink(cursor.place(path));
        Files.createSymbolicLink(copy, target);
        Files.createSymbolicLink(shown, target);
        return true;
      }
      copy(cursor.place(path), copy, FileSignature.of(file.get()));
      Files.createLink(shown, copy);
      return true;
    } catch (AccessDeniedException unreadable) {
      notice.accept(path + " cannot be read by you and stays out.");
      return false;
    }
  }

  private static void copy(Path from, Path to, FileSignature file) throws IOException {
    try (FileChannel source =
            FileChannel.open(from, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
        FileChannel target =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long position = 0;
      long size = source.size();
      while (position < size) {
        long copied = source.transferTo(position, size - position, target);
        if (copied <= 0) {
          break;
        }
        position += copied;
      }
    }
    if (file.executable()) {
      Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Files.setLastModifiedTime(to, FileTime.from(file.modified(), TimeUnit.NANOSECONDS));
  }
}
