package dev.concert.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A folder on a small disk of its own, which gets full and has room again. Only root may mount it
 * ({@link RequiresRoot}).
 */
public final class SmallDisk implements AutoCloseable {
  private final Path folder;

  private SmallDisk(Path folder) {
    this.folder = folder;
  }

  /** Mounts it over a folder, which is made where it is missing. */
  public static SmallDisk at(Path folder, int megabytes) {
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
    return new SmallDisk(folder);
  }

  /** Takes the room that is left, but for so much. Files that are there have what they have. */
  public void fillExcept(int bytes) {
    fill();
    try (FileChannel file = FileChannel.open(filler(), StandardOpenOption.WRITE)) {
      file.truncate(file.size() - bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Takes all the room that is left. */
  public void fill() {
    byte[] piece = new byte[1024];
    try (OutputStream out = Files.newOutputStream(filler())) {
      while (true) {
        out.write(piece);
      }
    } catch (IOException full) {
      assertThat(full).hasMessageContaining("No space");
    }
  }

  public void makeRoom() {
    try {
      Files.delete(filler());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  @Override
  public void close() {
    run("umount", "-l", folder.toString());
  }

  private static void run(String... command) {
    try {
      assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
