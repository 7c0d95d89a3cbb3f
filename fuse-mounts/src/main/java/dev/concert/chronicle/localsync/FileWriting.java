package dev.concert.chronicle.localsync;

import dev.concert.chronicle.iteration.Kind;
import dev.concert.chronicle.replication.replica.ReplicaFile;
import dev.concert.chronicle.replication.replica.ReplicaFiles.ObstructedException;
import dev.concert.chronicle.tree.OpenContent;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Writes files beside their place and moves them there, so that everybody sees the old one or the
 * new one, whole. Needs memory for one piece of 256 KiB.
 */
final class FileWriting {
  private static final int PIECE = 256 * 1024;

  private final FolderPaths paths;
  private final FileLook look;

  FileWriting(FolderPaths paths, FileLook look) {
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
      // The window between this look and the move is a few microseconds; there is no system call
      // that replaces a file only if it is still the same.
      if (!look.at(path, file).equals(expected)) {
        return Optional.empty();
      }
      Files.move(staged, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      return look.at(path, file);
    } finally {
      Files.deleteIfExists(staged);
    }
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
  }

  private static void writeSymlink(Path staged, OpenContent content) throws IOException {
    byte[] target = new byte[(int) content.size()];
    content.content().read(target, 0);
    Files.createSymbolicLink(staged, Path.of(new String(target, StandardCharsets.UTF_8)));
  }
}
