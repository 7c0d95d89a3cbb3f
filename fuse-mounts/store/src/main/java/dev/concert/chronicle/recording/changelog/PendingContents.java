package dev.concert.chronicle.recording.changelog;

import dev.concert.chronicle.content.Blob;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Contents of the store that a change log names and a journal may not yet: none is garbage. */
public final class PendingContents {
  private PendingContents() {}

  /**
   * Tells them. Whoever reads the journal as well reads it afterwards: what has left the log by
   * then has come into the journal before.
   *
   * @param metadata folder with the files of a log, which another process may be writing
   */
  public static void each(Path metadata, Consumer<Blob> taker) throws IOException {
    if (!Files.isDirectory(metadata)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(metadata, "changes-*.log")) {
      for (Path file : files) {
        read(file, taker);
      }
    }
  }

  private static void read(Path file, Consumer<Blob> taker) throws IOException {
    try (SegmentReader reader = new SegmentReader(file)) {
      Optional<LogRecord.Numbered> record = reader.next();
      while (record.isPresent()) {
        switch (record.get().what()) {
          case LogRecord.Stored(FileState _, Blob blob) -> taker.accept(blob);
          case LogRecord.Captured(long _, Blob blob) -> taker.accept(blob);
          case LogRecord.Written _,
              LogRecord.Promised _,
              LogRecord.GivenUp _,
              LogRecord.Skipped _,
              LogRecord.ModeChanged _,
              LogRecord.Removed _,
              LogRecord.Renamed _,
              LogRecord.Exchanged _ -> {
            // Nothing of it is in the store.
          }
        }
        record = reader.next();
      }
    } catch (FileNotFoundException applied) {
      // The journal has all of it.
    }
  }
}
