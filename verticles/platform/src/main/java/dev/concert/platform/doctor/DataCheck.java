package dev.concert.platform.doctor;

import dev.concert.platform.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds out whether data can be kept in a folder. Creates nothing. */
public final class DataCheck {
  private static final String PART = "Data";
  private static final String REMEDY = "name another folder with --data or CONCERT_DATA";
  private static final long LEAST_MIB = 1024;

  private DataCheck() {}

  public static CheckResult of(Path folder) {
    Path there = folder.toAbsolutePath();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    if (!Files.isDirectory(there) || !Files.isWritable(there)) {
      return CheckResult.missing(PART, there + " cannot be written", REMEDY);
    }
    if (DataFolder.isInUse(folder)) {
      return CheckResult.ok(PART, folder + ", in use by a server");
    }
    return space(folder, there);
  }

  private static CheckResult space(Path folder, Path there) {
    try {
      long left = Files.getFileStore(there).getUsableSpace() >> 20;
      return left < LEAST_MIB
          ? CheckResult.fallback(
              PART,
              "only %d MiB are left on the disk of %s".formatted(left, folder),
              "make room, or " + REMEDY)
          : CheckResult.ok(PART, folder.toString());
    } catch (IOException e) {
      return CheckResult.missing(PART, there + " cannot be read: " + e.getMessage(), REMEDY);
    }
  }
}
