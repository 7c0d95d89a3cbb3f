package dev.concert.chronicle.localsync.folder;

import dev.concert.chronicle.replication.replica.files.ReplicaFiles.ObstructedException;
import dev.concert.chronicle.replication.replica.files.ReplicaFolders;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;

/** The empty folders of a person's folder. No symlink is followed. */
final class LocalFolders implements ReplicaFolders {
  private static final int DEFAULT_MODE = 0755;
  private static final int BITS = 0777;

  private final FolderPaths paths;
  private final RootIdentity identity;
  private final SyncStop halt;
  private final PathRules rules;
  private final FileStat look;

  LocalFolders(
      FolderPaths paths, RootIdentity identity, SyncStop halt, PathRules rules, FileStat look) {
    this.paths = paths;
    this.identity = identity;
    this.halt = halt;
    this.rules = rules;
    this.look = look;
  }

  @Override
  public boolean accepts(String path) {
    return paths.of(path).filter(folder -> !rules.ignores(path, true)).isPresent();
  }

  @Override
  public boolean exists(String path) {
    boolean there = paths.of(path).filter(this::isFolder).isPresent();
    if (!there) {
      identity.check();
    }
    return there;
  }

  private boolean isFolder(Path folder) {
    return paths.isReachable(folder) && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public OptionalInt empty(String path) {
    return paths
        .of(path)
        .filter(folder -> isFolder(folder) && isEmpty(folder))
        .map(folder -> OptionalInt.of(mode(folder)))
        .orElse(OptionalInt.empty());
  }

  private static boolean isEmpty(Path folder) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      return !entries.iterator().hasNext();
    } catch (IOException unknown) {
      return false; // it is gone, no folder any more, or cannot be read
    }
  }

  private int mode(Path folder) {
    try {
      return look.hasModes()
          ? (Integer) Files.getAttribute(folder, "unix:mode", LinkOption.NOFOLLOW_LINKS) & BITS
          : DEFAULT_MODE;
    } catch (IOException gone) {
      return DEFAULT_MODE;
    }
  }

  @Override
  public Map<String, Integer> empty() {
    Map<String, Integer> found = new TreeMap<>();
    try {
      identity.check();
      Files.walkFileTree(paths.root(), new Walk(found));
      identity.check();
    } catch (IOException e) {
      throw new UncheckedIOException("The folders of %s cannot be read".formatted(paths.root()), e);
    }
    return found;
  }

  private final class Walk extends SimpleFileVisitor<Path> {
    private final Map<String, Integer> found;

    private Walk(Map<String, Integer> found) {
      this.found = found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      String path = paths.relative(folder);
      if (folder.equals(paths.root())) {
        return FileVisitResult.CONTINUE;
      }
      if (paths.of(path).isEmpty() || rules.ignoresItself(path, true)) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (isEmpty(folder)) {
        found.put(path, mode(folder));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
      if (file.equals(paths.root())) {
        throw failure;
      }
      return FileVisitResult.CONTINUE; // it is gone, or cannot be read
    }
  }

  @Override
  public void make(String path, int mode) {
    halt.check();
    Path folder = paths.of(path).orElseThrow();
    try {
      paths.makeParents(folder);
      if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
          throw new ObstructedException(path);
        }
        Files.createDirectory(folder);
      }
      if (look.hasModes() && isEmpty(folder)) {
        Files.setAttribute(folder, "unix:mode", mode & BITS, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw LeftOutReason.of(path, e);
    }
  }

  @Override
  public void remove(String path) {
    halt.check();
    try {
      Path folder = paths.of(path).orElseThrow();
      if (isFolder(folder)) {
        Files.delete(folder);
      }
    } catch (DirectoryNotEmptyException | NoSuchFileException done) {
      // It is not empty any more, or another program removed it first.
    } catch (IOException e) {
      throw LeftOutReason.of(path, e);
    }
  }
}
