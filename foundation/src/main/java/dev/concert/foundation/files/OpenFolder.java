package dev.concert.foundation.files;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A folder that other users can look into, as earlier builds made it. {@link #close} takes away
 * what the group and others may do, below the folder first and at the folder last, so that what a
 * crash leaves undone is done by the next start. Blocking; for one thread.
 */
public final class OpenFolder {
  private static final Set<PosixFilePermission> OWNER =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private final Path root;
  private final Predicate<Path> leftAlone;
  private long closed;

  private OpenFolder(Path root, Predicate<Path> leftAlone) {
    this.root = root;
    this.leftAlone = leftAlone;
  }

  /**
   * Finds out whether others can look into a folder.
   *
   * @param leftAlone paths, with all that is below them, whose modes are somebody else's business
   * @return empty where nobody can, and on systems that have no such modes
   */
  public static Optional<OpenFolder> at(Path root, Predicate<Path> leftAlone) throws IOException {
    PosixFileAttributeView view = view(root);
    if (view == null || OWNER.containsAll(view.readAttributes().permissions())) {
      return Optional.empty();
    }
    return Optional.of(new OpenFolder(root, leftAlone));
  }

  /**
   * Closes the folder.
   *
   * @return how many files and folders were open to others, this one included
   */
  public long close() throws IOException {
    try {
      Files.walkFileTree(root, new Closer());
    } finally {
      // Whatever could not be read below: nobody gets there any more.
      restrict(root);
    }
    return closed;
  }

  private static PosixFileAttributeView view(Path path) {
    return Files.getFileAttributeView(
        path, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
  }

  private void restrict(Path path) throws IOException {
    try {
      PosixFileAttributeView view = view(path);
      Set<PosixFilePermission> modes = view.readAttributes().permissions();
      if (modes.retainAll(OWNER)) {
        view.setPermissions(modes);
        closed++;
      }
    } catch (NoSuchFileException _) {
      // It went away meanwhile.
    }
  }

  private final class Closer extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      return leftAlone.test(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      // A socket or a pipe cannot be opened to change its mode; the folder above closes it.
      if (attributes.isRegularFile() && !leftAlone.test(file)) {
        restrict(file);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      // What is left alone may be a dead mount, which cannot even be looked at.
      if (failure instanceof NoSuchFileException || leftAlone.test(file)) {
        return FileVisitResult.CONTINUE;
      }
      throw failure;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      restrict(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
