package dev.concert.chronicle.workspace;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * The user of an agent, who owns every file of its workspace. Content, time and permissions of a
 * file stay, so that a new owner makes no iteration. Blocks; only root may do this.
 *
 * @param user its id on this host, and that of its group
 */
record TreeOwner(int user) {
  private static final int SET_ID = 06000;
  private static final int PERMISSIONS = 07777;

  /**
   * Gives it a tree that nobody uses. The root comes last: one that is the user's already tells
   * that the rest is, too, also after a crash.
   */
  void takeOver(Path tree) {
    try {
      if (number(tree, "unix:uid") != user) {
        Files.walkFileTree(tree, new Visitor());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The workspace cannot be given to its agent's user", e);
    }
  }

  private final class Visitor extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      give(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException failure) throws IOException {
      if (failure != null) {
        throw failure;
      }
      give(folder);
      return FileVisitResult.CONTINUE;
    }
  }

  private void give(Path file) throws IOException {
    int mode = number(file, "unix:mode");
    Files.setAttribute(file, "unix:gid", user, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(file, "unix:uid", user, LinkOption.NOFOLLOW_LINKS);
    // The kernel drops these bits with the old owner, which would be a change of the file.
    if ((mode & SET_ID) != 0) {
      Files.setAttribute(file, "unix:mode", mode & PERMISSIONS);
    }
  }

  private static int number(Path file, String attribute) throws IOException {
    return (Integer) Files.getAttribute(file, attribute, LinkOption.NOFOLLOW_LINKS);
  }
}
