package dev.concert.chronicle.localsync.folder;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.replica.files.ReplicaFile;
import dev.concert.chronicle.replication.replica.files.ReplicaFiles.ObstructedException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * Writes files beside their place and moves them there, so that everybody sees the old one or the
 * new one, whole. Needs memory for one piece of 256 KiB.
 */
final class FileWriter {
  private static final int PIECE = 256 * 1024;
  private static final long STAMP_NANOS = 20_000_000;
  private static final Pattern OURS =
      Pattern.compile(Pattern.quote(IgnoreRules.TEMPORARY) + "[0-9a-f]{16}");

  private final FolderPaths paths;
  private final FileStat look;

  FileWriter(FolderPaths paths, FileStat look) {
    this.paths = paths;
    this.look = look;
  }

  Optional<ReplicaFile> put(
      String path,
      Path file,
      Optional<ReplicaFile> expected,
      Kind kind,
      int mode,
      OpenContent content)
      throws IOException {
    paths.makeParents(file);
    Path staged = file.resolveSibling(temporaryName());
    try {
      switch (kind) {
        case FILE -> writeFile(staged, content, mode);
        case SYMLINK -> writeSymlink(staged, content);
      }
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        throw new ObstructedException(path);
      }
      if (!look.at(path, file).equals(expected)) {
        return Optional.empty();
      }
      Object written = content(staged);
      ReplicaFile before = look.at(path, staged).orElseThrow();
      boolean placed = expected.isEmpty() ? make(staged, file) : replace(staged, file);
      return placed ? Optional.of(placed(path, file, before, written)) : Optional.empty();
    } finally {
      Files.deleteIfExists(staged);
    }
  }

  /**
   * How the file looks that was put there. If another program wrote into it at once, it looks as it
   * did before: as no file does, so it will be read again.
   */
  private ReplicaFile placed(String path, Path file, ReplicaFile before, Object written)
      throws IOException {
    Optional<ReplicaFile> after = look.at(path, file);
    try {
      return after.isPresent() && content(file).equals(written) ? after.get() : before;
    } catch (NoSuchFileException gone) {
      return before;
    }
  }

  /** Puts the staged file in a place where nothing is; false where something is there by now. */
  private static boolean make(Path staged, Path file) throws IOException {
    return switch (NoReplaceRename.withoutReplacing(staged, file)) {
      case DONE -> true;
      case EXISTS, MISSING -> false;
      case UNSUPPORTED -> move(staged, file);
    };
  }

  /**
   * Puts the staged file in the place of another one. What was in that place at this very moment is
   * looked at after it was taken away, so an edit that came last is noticed and put back.
   */
  private static boolean replace(Path staged, Path file) throws IOException {
    Object before = content(file);
    return switch (NoReplaceRename.exchange(staged, file)) {
      case DONE -> {
        boolean same = content(staged).equals(before);
        if (!same) {
          NoReplaceRename.exchange(staged, file);
        }
        yield same;
      }
      case EXISTS, MISSING -> false;
      case UNSUPPORTED -> move(staged, file);
    };
  }

  private static boolean move(Path staged, Path file) throws IOException {
    Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  /**
   * Deletes a file that still looks as expected; false, with nothing changed, where it does not.
   */
  boolean delete(String path, Path file, ReplicaFile expected) throws IOException {
    if (!look.at(path, file).filter(expected::equals).isPresent()) {
      return false;
    }
    Object before = content(file);
    Path aside = file.resolveSibling(temporaryName());
    return switch (NoReplaceRename.withoutReplacing(file, aside)) {
      case DONE -> {
        boolean same = content(aside).equals(before);
        if (!same) {
          NoReplaceRename.withoutReplacing(aside, file);
        }
        Files.deleteIfExists(aside);
        yield same;
      }
      case EXISTS, MISSING -> false;
      case UNSUPPORTED -> Files.deleteIfExists(file);
    };
  }

  /** Which content it is, as far as a rename does not change that. */
  private static Object content(Path file) throws IOException {
    BasicFileAttributes seen =
        Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    return List.of(
        String.valueOf(seen.fileKey()), seen.size(), seen.lastModifiedTime(), seen.isDirectory());
  }

  /** Whether a file has a name that only this program gives. */
  static boolean isTemporary(Path file) {
    return OURS.matcher(file.getFileName().toString()).matches();
  }

  private static String temporaryName() {
    return IgnoreRules.TEMPORARY
        + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  private void writeFile(Path staged, OpenContent content, int mode) throws IOException {
    try (OutputStream out = Files.newOutputStream(staged, StandardOpenOption.CREATE_NEW)) {
      byte[] piece = new byte[Math.clamp(content.size() + 1, 1, PIECE)];
      long position = 0;
      int length = content.content().read(piece, 0);
      while (length > 0) {
        out.write(piece, 0, length);
        position += length;
        length = content.content().read(piece, position);
      }
    }
    if (look.hasModes()) {
      Files.setAttribute(staged, "unix:mode", mode & 0777);
    }
    stamp(staged);
  }

  /**
   * Gives the file a time that no tick of the kernel's clock has, so that a write within the same
   * tick shows.
   */
  private static void stamp(Path staged) throws IOException {
    long odd = ThreadLocalRandom.current().nextLong(1, STAMP_NANOS);
    Files.setLastModifiedTime(staged, FileTime.from(Instant.now().minusNanos(STAMP_NANOS + odd)));
  }

  private static void writeSymlink(Path staged, OpenContent content) throws IOException {
    byte[] target = new byte[(int) content.size()];
    content.content().read(target, 0);
    Files.createSymbolicLink(staged, Path.of(new String(target, StandardCharsets.UTF_8)));
  }
}
