package dev.concert.foundation.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Makes files and folders that no other user can open: folders with mode 0700, files with 0600,
 * whatever the umask is. What is there already keeps its mode. SQLite gives the files that it makes
 * beside a database the mode of the database. Blocking.
 */
public final class PrivateFiles {
  static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
  static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private PrivateFiles() {}

  /** Makes a folder and those above it that are missing. */
  public static Path createDirectories(Path folder) throws IOException {
    return Files.createDirectories(folder, modes(folder, FOLDER));
  }

  /** Makes an empty file, unless it is there. */
  public static void create(Path file) throws IOException {
    try {
      Files.createFile(file, modes(file, FILE));
    } catch (FileAlreadyExistsException _) {
      // It has its mode since it was made, or since the start that closed an old folder.
    }
  }

  /**
   * Opens a file, and makes it where the options say so.
   *
   * @param options as for {@link FileChannel#open}
   */
  public static FileChannel open(Path file, OpenOption... options) throws IOException {
    return FileChannel.open(file, Set.of(options), modes(file, FILE));
  }

  /** Writes a whole file; one that is there gets this content. */
  public static void write(Path file, byte[] content) throws IOException {
    try (OutputStream out =
        Channels.newOutputStream(
            open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING))) {
      out.write(content);
    }
  }

  /** Closes a file that something else made. */
  public static void restrict(Path file) throws IOException {
    if (hasModes(file)) {
      Files.setPosixFilePermissions(file, FILE);
    }
  }

  private static boolean hasModes(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  private static FileAttribute<?>[] modes(Path path, Set<PosixFilePermission> wanted) {
    return hasModes(path)
        ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(wanted)}
        : new FileAttribute<?>[0];
  }
}
