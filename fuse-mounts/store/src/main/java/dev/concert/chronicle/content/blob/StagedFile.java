package dev.concert.chronicle.content.blob;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Names for files that are being written, and what a killed process left of them. */
final class StagedFile {
  private static final AtomicLong NEXT = new AtomicLong();
  private static final String OWNER = owner(ProcessHandle.current());

  private StagedFile() {}

  /** A name that no other process and no other thread uses. */
  static Path in(Path folder) {
    return folder.resolve(OWNER + "-" + NEXT.incrementAndGet());
  }

  /** Deletes the files whose process is gone; those of living processes are being written. */
  static void clear(Path folder) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path file : files) {
        if (!isOwned(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private static boolean isOwned(String name) {
    String[] parts = name.split("-");
    return parts.length == 3
        && parts[0].matches("\\d{1,18}")
        && ProcessHandle.of(Long.parseLong(parts[0]))
            .filter(process -> name.startsWith(owner(process) + "-"))
            .isPresent();
  }

  /** Process ids are used again, so the start time belongs to the name. */
  private static String owner(ProcessHandle process) {
    long started = process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
    return process.pid() + "-" + started;
  }
}
