package dev.concert.chronicle.transfer;

import dev.concert.chronicle.content.OpenContent;
import dev.concert.chronicle.view.TreeFile;
import dev.concert.chronicle.view.TreeView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Writes chosen paths of a tree into a tar, as they are now; what is not there any more is left
 * out. Blocks.
 */
final class FileExport {
  private static final int PIECE = 256 * 1024;
  private static final int LONGEST_LIST = 64 << 20;
  private static final int PERMISSIONS = 0777;

  private FileExport() {}

  /**
   * @param paths UTF-8, a NUL after each
   */
  static void write(TreeView tree, InputStream paths, OutputStream into) throws IOException {
    String list = new String(paths.readNBytes(LONGEST_LIST), StandardCharsets.UTF_8);
    TarArchiveOutputStream tar = new TarArchiveOutputStream(into, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    for (String path : list.isEmpty() ? List.<String>of() : List.of(list.split("\0"))) {
      Optional<TreeFile> file = tree.find(path);
      if (file.isPresent()) {
        add(tree, file.get(), tar);
      }
    }
    tar.finish();
    tar.flush();
  }

  private static void add(TreeView tree, TreeFile file, TarArchiveOutputStream tar)
      throws IOException {
    switch (file.type()) {
      case SYMLINK -> {
        Optional<byte[]> target = tree.readLink(file.path());
        if (target.isPresent()) {
          TarArchiveEntry entry = new TarArchiveEntry(file.path(), TarConstants.LF_SYMLINK);
          entry.setLinkName(new String(target.get(), StandardCharsets.UTF_8));
          tar.putArchiveEntry(entry);
          tar.closeArchiveEntry();
        }
      }
      case FILE -> {
        Optional<OpenContent> open = tree.open(file.path());
        if (open.isPresent()) {
          try (OpenContent content = open.get()) {
            add(file, content, tar);
          }
        }
      }
      case DIRECTORY, OTHER -> {
        // Has no content.
      }
    }
  }

  private static void add(TreeFile file, OpenContent content, TarArchiveOutputStream tar)
      throws IOException {
    long size = content.size();
    TarArchiveEntry entry = new TarArchiveEntry(file.path(), true);
    entry.setMode(file.mode() & PERMISSIONS);
    entry.setSize(size);
    entry.setModTime(FileTime.fromMillis(file.signature().modifiedNanos() / 1_000_000_000L * 1000));
    tar.putArchiveEntry(entry);
    byte[] piece = new byte[(int) Math.max(1, Math.min(PIECE, size))];
    long position = 0;
    while (position < size) {
      int read = content.content().read(piece, position);
      if (read <= 0) {
        throw new IOException("%s became shorter while it was read".formatted(file.path()));
      }
      int length = (int) Math.min(read, size - position);
      tar.write(piece, 0, length);
      position += length;
    }
    tar.closeArchiveEntry();
  }
}
