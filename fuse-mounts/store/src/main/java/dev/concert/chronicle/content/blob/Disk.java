package dev.concert.chronicle.content.blob;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The steps of which keeping a blob is made, each of which may fail, or be the last one of a
 * process or a machine. Thread-safe; blocks.
 */
public interface Disk {
  /** The disk of this machine. */
  Disk REAL = new Disk() {};

  /** Writes a file that does not exist yet. */
  default void write(Path file, BlobFolder.Writing writing) throws IOException {
    writing.into(file);
  }

  /** Renames a file and replaces one that had the name. */
  default void move(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** The content of the file survives the death of the machine when this returns. */
  default void force(Path file) throws IOException {
    force(file, StandardOpenOption.WRITE);
  }

  /** The names in the folder survive the death of the machine when this returns. */
  default void forceFolder(Path folder) throws IOException {
    force(folder, StandardOpenOption.READ);
  }

  private static void force(Path path, StandardOpenOption access) throws IOException {
    try (FileChannel channel = FileChannel.open(path, access)) {
      channel.force(true);
    }
  }
}
