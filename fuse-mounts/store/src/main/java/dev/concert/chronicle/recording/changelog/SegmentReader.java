package dev.concert.chronicle.recording.changelog;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads one file of the log from its begin, exactly up to the end of each record: what follows may
 * be being written. For one thread.
 */
final class SegmentReader implements AutoCloseable {
  private final RandomAccessFile file;
  private long position;

  SegmentReader(Path path) throws IOException {
    file = new RandomAccessFile(path.toFile(), "r");
  }

  /**
   * The next record; empty at the end of the file, and where what follows is no whole record.
   * Nothing can be read after that.
   */
  Optional<LogRecord.Numbered> next() throws IOException {
    try {
      byte[] header = new byte[RecordFormat.HEADER];
      file.readFully(header);
      Optional<Integer> length = RecordFormat.bodyLength(header);
      if (length.isEmpty()) {
        return Optional.empty();
      }
      byte[] body = new byte[length.get()];
      file.readFully(body);
      Optional<LogRecord.Numbered> record = RecordFormat.read(header, body);
      position += record.isPresent() ? RecordFormat.HEADER + body.length : 0;
      return record;
    } catch (EOFException torn) {
      return Optional.empty();
    }
  }

  /** Bytes of the records that were read. */
  long position() {
    return position;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
