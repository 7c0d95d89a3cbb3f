package dev.concert.chronicle.localsync.folder;

import dev.concert.chronicle.replication.replica.files.ReplicaFiles.ObstructedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * Paths of the wire as paths of this machine, none of which leads out of the folder. A symlink on
 * the way is never followed.
 */
public final class FolderPaths {
  private final Path root;

  public FolderPaths(Path root) {
    this.root = root;
  }

  public Path root() {
    return root;
  }

  /** Empty where this machine cannot have such a path, or it would not be inside the folder. */
  Optional<Path> of(String path) {
    // What the host's encoding could not decode comes as a replacement character and names no file.
    if (path.isEmpty() || path.indexOf('\0') >= 0 || path.indexOf('\uFFFD') >= 0) {
      return Optional.empty();
    }
    try {
      Path relative = root.getFileSystem().getPath(path);
      return wire(relative).equals(path) && plain(relative)
          ? Optional.of(root.resolve(relative))
          : Optional.empty();
    } catch (InvalidPathException notHere) {
      return Optional.empty();
    }
  }

  private static boolean plain(Path relative) {
    for (Path part : relative) {
      if (part.toString().equals("..") || part.toString().equals(".")) {
        return false;
      }
    }
    return !relative.isAbsolute();
  }

  /** The path as it goes over the wire. */
  public String relative(Path inside) {
    return wire(root.relativize(inside));
  }

  private static String wire(Path relative) {
    return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
  }

  /** Whether everything above the path is a real folder of this folder. */
  boolean isReachable(Path inside) {
    return obstacle(inside).isEmpty() && Files.isDirectory(inside.getParent());
  }

  /**
   * Fails where a folder above the path cannot be looked into: what is in it is unknown, not gone.
   */
  void checkAccess(Path inside) throws AccessDeniedException {
    try {
      Files.readAttributes(inside, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    } catch (AccessDeniedException unknown) {
      throw unknown;
    } catch (IOException known) {
      // It is not there, or what is above it is no folder.
    }
  }

  /**
   * Makes the folders above a path.
   *
   * @throws ObstructedException where one of them is something else
   */
  void makeParents(Path inside) throws IOException {
    Optional<Path> obstacle = obstacle(inside);
    if (obstacle.isPresent()) {
      throw new ObstructedException(relative(obstacle.get()));
    }
    Files.createDirectories(inside.getParent());
  }

  /** The highest thing above a path that is no folder. */
  private Optional<Path> obstacle(Path inside) {
    Path above = root;
    for (Path part : root.relativize(inside.getParent())) {
      above = above.resolve(part);
      if (!Files.exists(above, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      if (!Files.isDirectory(above, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.of(above);
      }
    }
    return Optional.empty();
  }

  /** The target of a symlink; empty where this machine cannot have it. */
  Optional<Path> target(String target) {
    try {
      return target.isEmpty()
          ? Optional.empty()
          : Optional.of(root.getFileSystem().getPath(target));
    } catch (InvalidPathException notHere) {
      return Optional.empty();
    }
  }

  /** Whether a symlink at this place points to something inside the folder. */
  boolean leadsInside(Path symlink, Path target) {
    return !target.isAbsolute() && symlink.getParent().resolve(target).normalize().startsWith(root);
  }
}
