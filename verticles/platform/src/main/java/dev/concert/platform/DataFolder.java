package dev.concert.platform;

import dev.concert.foundation.files.LockFile;
import dev.concert.foundation.files.OpenFolder;
import dev.concert.platform.backup.UnfinishedRestore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data folder, locked by one process at a time. The operating system releases the lock when the
 * process dies, however it dies.
 */
public final class DataFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DataFolder.class);

  /** Of an instance's folder: the rest of it belongs to the agent and its sandbox. */
  private static final Set<String> OURS = Set.of("db", "logs", "chronicle", "process.json", "user");

  /** Of Chronicle's folder: what has the files of an agent. */
  private static final Set<String> WORKSPACE = Set.of("tree", "mount", "orphans");

  private static final String LOCK = "concert.lock";

  private final Path folder;
  private final LockFile lock;

  private DataFolder(Path folder, LockFile lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Locks the folder, and creates it if it is missing.
   *
   * @throws PlatformException when it cannot be written, another process holds it, or a restore
   *     into it is not finished
   */
  static DataFolder take(Path folder) {
    if (new UnfinishedRestore(folder).isMarked()) {
      throw new PlatformException(
          "The restore into %s is not finished. Repeat it: concert restore --into %s"
              .formatted(folder, folder));
    }
    try {
      return LockFile.tryLock(folder.resolve(LOCK))
          .map(lock -> new DataFolder(folder, lock))
          .orElseThrow(
              () ->
                  new PlatformException(
                      "Another Concert server uses the data folder %s. Stop it, or choose another folder with --data."
                          .formatted(folder)));
    } catch (IOException e) {
      throw new PlatformException(
          "The data folder %s cannot be written (%s). Choose another one with --data."
              .formatted(folder, reason(e)));
    }
  }

  /** Closes a folder that other users can look into, and reports it. */
  void closeToOthers() {
    try {
      Path real = folder.toRealPath();
      Optional<OpenFolder> open = OpenFolder.at(real, path -> isOfAnAgent(real.relativize(path)));
      if (open.isPresent()) {
        LOG.warn(
            "Other users could look into the data folder {}. {} files and folders are closed to"
                + " them now.",
            folder,
            open.get().close());
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn(
          "Other users can look into the data folder {}, and it cannot be closed to them ({})."
              + " Close it yourself: chmod -R go-rwx",
          folder,
          e.getMessage());
    }
  }

  private static boolean isOfAnAgent(Path below) {
    if (below.getNameCount() < 3 || !below.startsWith("instances")) {
      return false;
    }
    boolean isOurs = OURS.contains(below.getName(2).toString());
    boolean isChronicles = below.getName(2).toString().equals("chronicle");
    boolean isWorkspace =
        isChronicles && below.getNameCount() > 3 && WORKSPACE.contains(below.getName(3).toString());
    return !isOurs || isWorkspace;
  }

  private static String reason(IOException failure) {
    return switch (failure) {
      case FileAlreadyExistsException _ -> "a file has that name";
      case AccessDeniedException _ -> "permission denied";
      case FileSystemException known when known.getReason() != null -> known.getReason();
      default -> "it cannot be created";
    };
  }

  /** Whether another process holds the folder now. Creates nothing. */
  public static boolean isInUse(Path folder) {
    Path lock = folder.resolve(LOCK);
    if (!Files.exists(lock)) {
      return false;
    }
    try {
      Optional<LockFile> taken = LockFile.tryLock(lock);
      taken.ifPresent(LockFile::close);
      return taken.isEmpty();
    } catch (IOException e) {
      // Whoever takes it is told why it cannot be used.
      return false;
    }
  }

  /** Whether {@link #take} would succeed now. */
  public static boolean isFree(Path folder) {
    try (DataFolder taken = take(folder)) {
      return taken != null;
    } catch (PlatformException e) {
      return false;
    }
  }

  @Override
  public void close() {
    lock.close();
  }
}
