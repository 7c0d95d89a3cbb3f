package dev.concert.foundation.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Removes a folder with everything in it, whatever a stranger put there: symlinks are removed and
 * not followed, and folders may be nested deeper than a path can be long. Blocks.
 */
public final class FolderRemoval {
  private static final String RAISED = ".removed-";

  private final Path root;

  private FolderRemoval(Path root) {
    this.root = root;
  }

  /** Does nothing where there is no folder. Two at once remove it together. */
  public static void remove(Path folder) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(folder);
      return;
    }
    new FolderRemoval(folder).removeAll();
  }

  private void removeAll() throws IOException {
    open(root);
    try (DirectoryStream<Path> top = Files.newDirectoryStream(root)) {
      if (!(top instanceof SecureDirectoryStream<Path> secure)) {
        throw new IOException("This system cannot remove folders safely");
      }
      // Folders in folders are raised to the top, level by level, so nothing here recurses.
      List<Path> names = names(root);
      while (!names.isEmpty()) {
        for (Path name : names) {
          remove(secure, name);
        }
        names = names(root);
      }
    } catch (NoSuchFileException gone) {
      return;
    }
    Files.deleteIfExists(root);
  }

  private void remove(SecureDirectoryStream<Path> top, Path name) throws IOException {
    try {
      if (isFolder(top, name)) {
        open(root.resolve(name));
        try (SecureDirectoryStream<Path> inside =
            top.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
          for (Path entry : names(inside)) {
            empty(top, inside, entry);
          }
        }
        top.deleteDirectory(name);
      } else {
        top.deleteFile(name);
      }
    } catch (NoSuchFileException | DirectoryNotEmptyException changed) {
      // Another removal was faster, or the next round finds what came.
    }
  }

  private static void empty(
      SecureDirectoryStream<Path> top, SecureDirectoryStream<Path> inside, Path entry)
      throws IOException {
    try {
      if (isFolder(inside, entry)) {
        inside.move(entry, top, Path.of(RAISED + UUID.randomUUID()));
      } else {
        inside.deleteFile(entry);
      }
    } catch (NoSuchFileException gone) {
      // Another removal was faster.
    }
  }

  private static boolean isFolder(SecureDirectoryStream<Path> in, Path name) throws IOException {
    return in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .readAttributes()
        .isDirectory();
  }

  private static List<Path> names(Path folder) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return names(entries);
    }
  }

  private static List<Path> names(DirectoryStream<Path> entries) throws IOException {
    List<Path> names = new ArrayList<>();
    try {
      entries.forEach(entry -> names.add(entry.getFileName()));
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return names;
  }

  /** A folder that its owner may not look into could not be emptied. */
  private static void open(Path folder) throws IOException {
    if (!Files.isReadable(folder) || !Files.isWritable(folder) || !Files.isExecutable(folder)) {
      try {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
      } catch (NoSuchFileException gone) {
        // Then there is nothing to remove.
      } catch (AccessDeniedException known) {
        // What follows says what is wrong.
      }
    }
  }
}
