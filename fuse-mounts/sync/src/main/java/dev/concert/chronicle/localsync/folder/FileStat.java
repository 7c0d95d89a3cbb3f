package dev.concert.chronicle.localsync.folder;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.iteration.Signature;
import dev.concert.chronicle.replication.replica.files.ReplicaFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** How a file looks from outside. */
final class FileStat {
  private static final String UNIX =
      "unix:mode,ctime,ino,size,lastModifiedTime,isRegularFile,isSymbolicLink";
  private static final int DEFAULT_MODE = 0644;
  private static final int SYMLINK_MODE = 0777;

  private final boolean unix;

  FileStat(Path root) {
    this.unix = root.getFileSystem().supportedFileAttributeViews().contains("unix");
  }

  boolean hasModes() {
    return unix;
  }

  /** A regular file or symlink; empty if there is none, or something else. */
  Optional<ReplicaFile> at(String path, Path file) throws IOException {
    try {
      return unix ? unix(path, file) : basic(path, file);
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    } catch (AccessDeniedException unknown) {
      // Nobody can tell whether it is there, so it must not count as gone.
      throw unknown;
    } catch (FileSystemException e) {
      // A part of the path is no folder any more, or the host cannot have such a name.
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static Optional<ReplicaFile> unix(String path, Path file) throws IOException {
    Map<String, Object> seen = Files.readAttributes(file, UNIX, LinkOption.NOFOLLOW_LINKS);
    // Programs set the time of a file's content back (cp -p, tar, rsync), never that of its inode.
    // But the former shows a write within one clock tick, see FileWriter.
    long identity = (Long) seen.get("ino") * 31 + nanos((FileTime) seen.get("lastModifiedTime"));
    Signature signature =
        new Signature((Long) seen.get("size"), nanos((FileTime) seen.get("ctime")), identity);
    if ((Boolean) seen.get("isRegularFile")) {
      int mode = (Integer) seen.get("mode") & 0777;
      return Optional.of(new ReplicaFile(path, Kind.FILE, mode, signature));
    }
    return (Boolean) seen.get("isSymbolicLink")
        ? Optional.of(new ReplicaFile(path, Kind.SYMLINK, SYMLINK_MODE, signature))
        : Optional.empty();
  }

  private static Optional<ReplicaFile> basic(String path, Path file) throws IOException {
    BasicFileAttributes seen =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    Signature signature = new Signature(seen.size(), nanos(seen.lastModifiedTime()), 0);
    if (seen.isRegularFile()) {
      return Optional.of(new ReplicaFile(path, Kind.FILE, DEFAULT_MODE, signature));
    }
    return seen.isSymbolicLink()
        ? Optional.of(new ReplicaFile(path, Kind.SYMLINK, SYMLINK_MODE, signature))
        : Optional.empty();
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }
}
