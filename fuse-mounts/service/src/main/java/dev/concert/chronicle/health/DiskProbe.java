package dev.concert.chronicle.health;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Finds out whether a folder can be written, by writing: what a disk says of itself is not all that
 * can be wrong with it. Blocks.
 */
public record DiskProbe(Path folder) {
  /** What there has to be room for. */
  private static final byte[] PIECE = new byte[64 * 1024];

  /** Empty where it can. */
  public Optional<HealthProblem> look() {
    Path file = folder.resolve(".probe");
    try {
      Files.write(
          file,
          PIECE,
          StandardOpenOption.CREATE,
          StandardOpenOption.TRUNCATE_EXISTING,
          StandardOpenOption.WRITE);
      return Optional.empty();
    } catch (IOException failure) {
      HealthProblem problem = HealthProblem.of(failure);
      return Optional.of(
          problem == HealthProblem.FULL && hasRoom() ? HealthProblem.NO_INODES : problem);
    } finally {
      remove(file);
    }
  }

  private boolean hasRoom() {
    try {
      return Files.getFileStore(folder).getUnallocatedSpace() > PIECE.length;
    } catch (IOException unknown) {
      return false;
    }
  }

  private static void remove(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException left) {
      // It is written over the next time.
    }
  }
}
