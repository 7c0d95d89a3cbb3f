package dev.concert.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Installs third-party programs into a folder once, also where several test processes want them at
 * the same time. A file that is written last says which versions are there whole.
 */
public final class InstalledOnce {
  private InstalledOnce() {}

  /** Installs into the folder. */
  @FunctionalInterface
  public interface Installation {
    void run() throws IOException, InterruptedException;
  }

  /**
   * Returns when these versions are installed. Blocks, also while another process installs.
   *
   * @param versions content of the file that pins them
   */
  public static synchronized void in(Path folder, byte[] versions, Installation installation)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    try (FileChannel file =
            FileChannel.open(
                folder.resolve("install.lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock _ = file.lock()) {
      Path installed = folder.resolve("installed.json");
      if (!Files.exists(installed) || !Arrays.equals(Files.readAllBytes(installed), versions)) {
        installation.run();
        Files.write(installed, versions);
      }
    }
  }
}
