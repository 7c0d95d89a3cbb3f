package dev.concert.platform.folder;

import dev.concert.error.ConcertException;
import dev.concert.error.ErrorCode;
import dev.concert.foundation.config.ConfigReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The folders below which repositories may be opened. Blocking.
 *
 * @param roots absolute paths; none where nothing may be opened
 */
public record FolderRoots(List<Path> roots) {
  private static final int DEPTH = 3;
  private static final int MOST = 500;
  private static final String GIT = ".git";

  /** Reads key {@code roots} of section {@code projects}. */
  public static FolderRoots from(ConfigReader section) {
    List<Path> roots =
        section.texts("roots").stream()
            .map(FolderRoots::home)
            .map(root -> Path.of(root).toAbsolutePath().normalize())
            .toList();
    section.refuseUnknown();
    return new FolderRoots(roots);
  }

  private static String home(String root) {
    return root.equals("~") || root.startsWith("~/")
        ? System.getProperty("user.home") + root.substring(1)
        : root;
  }

  /** The repositories below the roots, a few levels deep. */
  List<String> repositories() {
    Set<String> found = new TreeSet<>();
    for (Path root : roots) {
      collect(root, DEPTH, found);
    }
    return List.copyOf(found);
  }

  private static void collect(Path folder, int depth, Set<String> found) {
    if (Files.exists(folder.resolve(GIT))) {
      found.add(folder.toString());
      return;
    }
    if (depth == 0 || found.size() >= MOST || !Files.isReadable(folder)) {
      return;
    }
    try (Stream<Path> inside = Files.list(folder)) {
      inside
          .filter(one -> !one.getFileName().toString().startsWith("."))
          .filter(one -> Files.isDirectory(one) && !Files.isSymbolicLink(one))
          .sorted()
          .forEach(one -> collect(one, depth - 1, found));
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + folder + " cannot be listed", e);
    }
  }

  /**
   * The real path of a folder that may be opened.
   *
   * @throws ConcertException {@code PATH_INVALID}, the same for what is not there and for what is
   *     not below a root
   */
  Path checked(String folder) {
    try {
      Path real = Path.of(folder).toRealPath();
      if (Path.of(folder).isAbsolute() && isBelow(real)) {
        return real;
      }
    } catch (IOException | InvalidPathException e) {
      // Whoever asks learns nothing about other folders.
    }
    throw new ConcertException(
        ErrorCode.PATH_INVALID,
        "There is no such folder below those of projects.roots in the configuration.");
  }

  /** Whether a real path is a root or below one. */
  boolean isBelow(Path real) {
    return roots.stream()
        .anyMatch(
            root -> {
              try {
                return real.startsWith(root.toRealPath());
              } catch (IOException gone) {
                return false;
              }
            });
  }
}
