package dev.concert.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Installs third-party programs once, also where several test processes want them at the same time.
 * They are kept in the user's cache, by their versions, so that a build from scratch does not
 * install them again; the test's folder is a link to them. A file that is written last says which
 * versions are there whole.
 */
public final class InstalledOnce {
  private static final int NAME_LENGTH = 16;

  private InstalledOnce() {}

  /** Installs into the folder. */
  @FunctionalInterface
  public interface Installation {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Returns when these versions are installed. Blocks, also while another process installs.
   *
   * @param versions content of the file that pins them
   */
  public static synchronized void in(Path folder, byte[] versions, Installation installation)
      throws IOException, InterruptedException {
    link(folder, versions);
    try (FileChannel file =
            FileChannel.open(
                folder.resolve("install.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = file.lock()) {
      Path installed = folder.resolve("installed.json");
      if (!Files.exists(installed) || !Arrays.equals(Files.readAllBytes(installed), versions)) {
        installation.run();
        Files.write(installed, versions);
      }
    }
  }

  /**
   * Puts a script beside what is installed, whole at once, where other builds may have another one
   * of the same name.
   *
   * @return its name in the folder
   */
  public static String script(Path folder, String name, byte[] content) throws IOException {
    int dot = name.lastIndexOf('.');
    String unique = name.substring(0, dot) + "-" + hash(content) + name.substring(dot);
    if (!Files.exists(folder.resolve(unique))) {
      Path written = Files.createTempFile(folder, "script", name.substring(dot));
      Files.write(written, content);
      Files.move(written, folder.resolve(unique), StandardCopyOption.ATOMIC_MOVE);
    }
    return unique;
  }

  /** Leaves a folder as it is that is there already and has the same versions, or no cache. */
  private static void link(Path folder, byte[] versions) throws IOException {
    Path kept = cache().resolve(folder.getFileName() + "-" + hash(versions));
    if (Files.isSymbolicLink(folder)) {
      if (Files.readSymbolicLink(folder).equals(kept) && Files.isDirectory(kept)) {
        return;
      }
      Files.deleteIfExists(folder);
    }
    if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.createDirectories(folder.getParent());
    try {
      Files.createDirectories(kept);
      Files.createSymbolicLink(folder, kept);
    } catch (FileAlreadyExistsException otherProcess) {
      // It has linked the folder to the same versions.
    } catch (IOException noCache) {
      Files.createDirectories(folder);
    }
  }

  private static Path cache() {
    return Optional.ofNullable(System.getProperty("concert.test.cache"))
        .or(() -> Optional.ofNullable(System.getenv("XDG_CACHE_HOME")).filter(at -> !at.isBlank()))
        .map(Path::of)
        .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"))
        .resolve("concert")
        .resolve("test-clients")
        .toAbsolutePath();
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(content))
          .substring(0, NAME_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
